import { expect, it } from 'vitest'
import type { Deployment } from '../../../src/domain/model/deployment.ts'
import { idleTime } from '../../../src/providers/local/warm/idle-time.ts'

function deployed(version: string, idleMs: number | null, name = 'echo'): Deployment {
  const model = { owner: 'test', name }
  const instances = { hardware: 'sandpit', minInstances: 0, maxInstances: 1, idleMs }
  const made = { createdAt: 0, createdBy: 'olga' }
  return {
    ref: { owner: 'test', name: 'shop' },
    current: { number: 1, model, version, ...instances, ...made },
  }
}

it.each([
  ['its model says', 'a', true, [], 300],
  ['its model says, for another version of which', 'a', true, [deployed('b', 900)], 300],
  ['its model says, of an earlier version without a deployment', 'b', false, [], 300],
  ['a deployment says, if that is longer', 'a', true, [deployed('a', 900)], 900],
  ['its model says, which uses it, too', 'a', true, [deployed('a', 10)], 300],
  ['a deployment says, which alone uses it', 'b', false, [deployed('b', 10)], 10],
  ['the longest of its deployments says', 'b', false, [deployed('b', 10), deployed('b', 20)], 20],
  ['its model says, where a deployment says nothing', 'b', false, [deployed('b', null)], 300],
  ['no other model says', 'a', true, [deployed('a', 900, 'other')], 300],
])('a process is idle for as long as %s', (_who, version, isCurrent, deployments, time) => {
  const options = { model: 'test/echo', version, isCurrent, ofModel: 300, deployments }
  expect(idleTime(options)).toBe(time)
})
