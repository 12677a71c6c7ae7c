import type { Command } from '../command.ts'
import { sharedFlags } from '../flags.ts'
export const check: Command = { name: 'check', says: '', flags: [...sharedFlags], examples: [], async run() { return 0 } }
