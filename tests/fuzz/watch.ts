import { Worker } from 'node:worker_threads'

/** Ends this process where a case takes longer than `seconds`, even in a loop that never yields, and says which case it was. */
export function watchdog(seconds: number): { begin(name: string): void; done(): Promise<unknown> } {
  const state = new SharedArrayBuffer(4096)
  const [beats, text] = [new Int32Array(state, 0, 2), new Uint8Array(state, 8)]
  const worker = new Worker(
    `const { workerData: { state, seconds } } = require('node:worker_threads')
    const [beats, text] = [new Int32Array(state, 0, 2), new Uint8Array(state, 8)]
    let [last, since] = [0, Date.now()]
    setInterval(() => {
      if (beats[0] !== last) [last, since] = [beats[0], Date.now()]
      if (Date.now() - since < seconds * 1000) return
      require('node:fs').writeSync(2, 'hangs: ' + Buffer.from(text.slice(0, beats[1])).toString() + '\\n')
      process.kill(process.pid, 'SIGKILL')
    }, 500)`,
    { eval: true, workerData: { state, seconds } },
  )
  worker.unref()
  return {
    begin(name) {
      const bytes = Buffer.from(name).subarray(0, text.length)
      text.set(bytes)
      beats[1] = bytes.length
      Atomics.add(beats, 0, 1)
    },
    done: () => worker.terminate(),
  }
}
