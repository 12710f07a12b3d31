/**
 * The program in the image of the tests: a Cog server, as the stand-in of other tests. `STAND_IN` says as JSON
 * what is special about it.
 * @module
 */
import { setTimeout as wait } from 'node:timers/promises'
import type { JsonObject } from '../../../src/domain/json/json.ts'
import { startCogServer } from '../../providers/support/cog-server.ts'
import { standInModel } from './stand-in-model.ts'

interface Wishes {
  /** What it says: tells versions apart. */
  readonly greeting?: string
  /** How long its set-up takes, in milliseconds. */
  readonly setupMs?: number
  readonly setupFails?: boolean
  /** Whether it ends by itself before it listens. */
  readonly crashes?: boolean
  readonly concurrency?: number
}

const wishes = JSON.parse(process.env.STAND_IN ?? '{}') as Wishes & JsonObject
const {
  greeting = 'hello',
  setupMs = 0,
  setupFails = false,
  crashes = false,
  concurrency = 1,
} = wishes

console.log('Loading weights')
if (crashes) {
  console.error('ImportError: libcudart.so.12: cannot open shared object file')
  process.exit(3)
}
const server = await startCogServer({
  model: standInModel(greeting),
  concurrency,
  booting: true,
  address: { host: '0.0.0.0', port: Number(process.env.PORT ?? '5000') },
})
process.on('SIGTERM', () => process.exit(0))
await wait(setupMs)
if (setupFails) {
  server.become(
    'SETUP_FAILED',
    'Loading weights\nRuntimeError: no such file: weights.safetensors\n',
  )
  console.error('RuntimeError: no such file: weights.safetensors')
} else {
  server.become('READY')
  console.log('Ready')
}
