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
    const models = served.map(({ ref }) => ref)
    return { ...stateOf(served), address, title: 'Cog container', models, takesKey: false }
  })
}

function stateOf(served: readonly Served[]): Pick<Upstream, 'kind' | 'sentence'> {
  const [sentence] = served.flatMap(({ serving }) => problemOf(serving) ?? [])
  if (sentence !== undefined) return { kind: 'trouble', sentence }
  const onDemand = served.every(({ serving }) => serving.onDemand)
  switch (served[0]?.serving.container.health()?.condition) {
    case undefined:
      if (onDemand) return { kind: 'works', sentence: 'It starts when a run needs it.' }
      return { kind: 'off', sentence: 'It has not answered yet.' }
    case 'unreachable':
    case 'booting':
      return { kind: 'starting', sentence: 'It is still setting its model up. Runs wait for it.' }
    default:
      return { kind: 'works', sentence: 'It takes runs.' }
  }
}
