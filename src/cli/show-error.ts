import { UserError, UserErrors } from '../errors.ts'
import { exit, type Exit } from './exit.ts'

/** A UserError says what happened, where, and what to do; anything else is our bug: one line, the stack with --debug. */
export function showError(error: unknown, say: (text: string) => void, debug: boolean, published = false): Exit {
  const errors = error instanceof UserErrors ? error.errors : error instanceof UserError ? [error] : undefined
  if (errors === undefined) {
    const message = error instanceof Error ? error.message.split('\n')[0]! : String(error)
    say(`error unexpected  ${message.replace(/\.?$/, '.')} This is a fault of arrears: run again with --debug and report what it prints. ${published ? 'The run folder was published before.' : 'Nothing was published.'}`)
    if (debug && error instanceof Error) {
      say(error.stack ?? '')
      if ('statement' in error) say(String(error.statement))
    }
    return exit.failed
  }
  for (const one of errors) {
    const { file, line, column } = one.place
    const place = file === undefined ? '' : `  ${file}${line === undefined ? '' : `:${line}${column === undefined ? '' : `:${column}`}`}`
    say(`error ${one.code}${place}\n  ${one.says}\n  ${one.todo}`)
    if (debug) say(one.stack ?? '')
  }
  if (errors.length > 1) say(`${errors.length} errors. Nothing was run or written.`)
  return Math.max(...errors.map((one) => one.exit)) as Exit
}
