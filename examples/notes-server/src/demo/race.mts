// A thread that swaps the folder `race` with a link to a folder outside until it is told to stop.

import { renameSync } from 'node:fs'
import { join } from 'node:path'
import { parentPort, workerData } from 'node:worker_threads'

const { root, stop } = workerData as { root: string; stop: Int32Array }
const [folder, link, aside] = ['race', 'race-link', 'race-aside'].map((name) => join(root, name)) as [
  string,
  string,
  string,
]

while (Atomics.load(stop, 0) === 0) {
  renameSync(folder, aside)
  renameSync(link, folder)
  renameSync(folder, link)
  renameSync(aside, folder)
}
parentPort?.close()
