import { createMemoryQueue } from '../../../src/store/queue/memory.ts'
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
