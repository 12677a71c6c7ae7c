import type { Command } from '../command.ts'
import { sharedFlags } from '../flags.ts'
export const explain: Command = { name: 'explain', says: '', flags: [...sharedFlags], examples: [], async run() { return 0 } }
