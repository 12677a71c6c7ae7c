import type { Command } from '../command.ts'
import { sharedFlags } from '../flags.ts'
export const age: Command = { name: 'age', says: '', flags: [...sharedFlags], examples: [], async run() { return 0 } }
