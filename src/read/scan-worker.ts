import { parentPort, workerData } from 'node:worker_threads'
import { scanAll, type ScanAnswer, type ScanJob } from './records.ts'

// An error would lose its code on the way between threads, so it goes as data.
const answer: ScanAnswer = await scanAll(workerData as ScanJob[]).then(
  (facts) => ({ facts }),
  (error: NodeJS.ErrnoException & { at?: number }) => ({ failed: { message: error.message, code: error.code, at: error.at } }),
)
parentPort?.postMessage(answer)
