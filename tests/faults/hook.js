// Loaded before the program (node --import): acts on itself where --debug announces a stage, before the stage begins.
import { existsSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'

const { KILL_AT, KILL_INSIDE, WAIT_AT, GO = '' } = process.env
const die = () => process.kill(process.pid, 'SIGKILL')
const write = process.stderr.write.bind(process.stderr)

process.stderr.write = (chunk, ...rest) => {
  const stage = /^stage (.+)\n$/.exec(String(chunk))?.[1]
  if (stage !== undefined && stage === KILL_AT) die()
  const done = write(chunk, ...rest)
  // The write runs beside the event loop: as soon as some of the file is on the disk, the process is gone.
  if (stage === 'publish: accounts' && KILL_INSIDE !== undefined) setInterval(() => halfWritten(KILL_INSIDE) && die(), 1)
  // Stands still until the file is there: no other step may run meanwhile.
  if (stage !== undefined && stage === WAIT_AT) while (!existsSync(GO)) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20)
  return done
}

function halfWritten(out) {
  const runs = join(out, '.runs')
  return readdirSync(runs).some((name) => {
    const file = join(runs, name, 'run/accounts.parquet')
    return name.startsWith('.staging-') && existsSync(file) && statSync(file).size > 0
  })
}
