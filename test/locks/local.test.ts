import { createLocalLocks } from '../../src/locks/local.ts'
import { describeLocks } from './conformance.ts'

describeLocks('locks of one process', async () => {
  const locks = createLocalLocks()
  return { first: locks, second: locks, close: () => locks.close() }
})
