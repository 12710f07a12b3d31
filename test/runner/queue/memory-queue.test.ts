import { createMemoryQueue } from '../../../src/runner/queue/memory-queue.ts'
import { describeQueue } from './conformance.ts'

describeQueue('the queue in memory', async () => {
  const queue = createMemoryQueue()
  return {
    queue,
    async add(prediction) {
      queue.add(prediction)
    },
    async settle() {},
    async close() {},
  }
})
