import { existsSync, statSync } from 'node:fs'
import { openEngine } from '../../src/engine/open.ts'
import { UserError } from '../../src/errors.ts'
import { loadSettings } from '../../src/settings/load.ts'
import { publish } from '../../src/publish/publish.ts'
import { openRunFolder } from '../../src/publish/run-folder.ts'
import { bigBook, outcomeOf } from '../publish/book.ts'

/** A process that publishes a made book, told by its environment where to die or wait. Its exit codes are the program's. */

const { OUT = '', ACCOUNTS = '1000', AS_OF = '2025-06-30', KILL_AT, KILL_INSIDE, WAIT_AT, GO = '' } = process.env
const die = () => process.kill(process.pid, 'SIGKILL')

/** Stands still until the file is there: no other step may run meanwhile. */
function waitForGo() {
  while (!existsSync(GO)) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20)
}

async function main() {
  const settings = loadSettings({ asOf: AS_OF, workOn: AS_OF, out: OUT }, true)
  const folder = await openRunFolder(OUT, AS_OF)
  console.log('locked')
  const engine = await openEngine('duckdb', { scale: 2, threads: 2, spill: folder.spill })
  try {
    if (KILL_AT === 'start') die()
    const { accounts, actions, accountsIn, money } = bigBook(Number(ACCOUNTS))
    const facts = () => ({ started_at: '', ended_at: '', stages: [], versions: {} })
    const onStep = (step: string) => {
      if (step === KILL_AT) die()
      // The write runs beside the event loop: as soon as some of the file is on the disk, the process is gone.
      if (step === 'accounts' && KILL_INSIDE !== undefined) {
        const file = folder.path('accounts.parquet')
        setInterval(() => existsSync(file) && statSync(file).size > 0 && die(), 1)
      }
      console.log(step)
      if (step === WAIT_AT) waitForGo()
    }
    await publish({ outcome: outcomeOf(accounts, actions, { money }), accountsIn, settings, engine, folder, version: '0', facts, onStep })
    onStep('published')
  } finally {
    engine.close()
    folder.close()
  }
}

main().then(
  () => console.log('done'),
  (error: unknown) => {
    console.error(error instanceof UserError ? `${error.code}: ${error.says}` : error)
    process.exitCode = error instanceof UserError ? error.exit : 1
  },
)
