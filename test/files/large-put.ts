// Puts 300 MB in the folder it is given, and says how far resident memory rose meanwhile.
import { openDisk } from '../../src/files/disk.ts'

const chunkBytes = 64 * 2 ** 10
const largeBytes = 300 * 2 ** 20

let highest = 0

async function* content(bytes: number) {
  for (let made = 0; made < bytes; made += chunkBytes) {
    yield Buffer.alloc(chunkBytes, made / chunkBytes)
    highest = Math.max(highest, process.memoryUsage().rss)
  }
}

const files = await openDisk(process.argv[2] ?? '')
await files.put(content(2 ** 20), largeBytes)
const before = process.memoryUsage().rss
highest = before
const { size } = await files.put(content(largeBytes), largeBytes)
process.stdout.write(JSON.stringify({ size, grownBytes: highest - before }))
