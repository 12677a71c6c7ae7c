import type { Command } from '../command.ts'
import { sharedFlags } from '../flags.ts'
export const init: Command = { name: 'init', says: '', flags: [...sharedFlags], examples: [], async run() { return 0 } }
