import type { ModelRef } from '../../../domain/model-ref.ts'
import type { Upstream } from '../../provider.ts'
import type { ServingContainer } from './fleet.ts'
import { problemOf } from './state.ts'

interface Served {
  readonly ref: ModelRef
  readonly serving: ServingContainer
}

/** Each container once, with all of its models. */
export function containerUpstreams(all: readonly Served[]): readonly Upstream[] {
  const byAddress = Map.groupBy(all, ({ serving }) => serving.container.origin)
  return [...byAddress].map(([address, served]) => {
    const [problem] = served.flatMap(({ serving }) => problemOf(serving) ?? [])
    const isChecked = served.some(({ serving }) => serving.container.health() !== null)
    return {
      address,
      title: 'Cog container',
      models: served.map(({ ref }) => ref),
      takesKey: false,
      kind: problem !== undefined ? 'trouble' : isChecked ? 'works' : 'off',
      sentence: problem ?? (isChecked ? 'It takes runs.' : 'It has not answered yet.'),
    }
  })
}
