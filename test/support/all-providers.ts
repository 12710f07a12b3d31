import type { Config } from '../../src/config.ts'
import { createGuard } from '../../src/outbound/guard.ts'
import { createProviders } from '../../src/providers/index.ts'
import type { ProviderParts } from '../../src/providers/provider.ts'

/** Every provider, as a server that is alone has them. */
export function allProviders(
  config: Config,
  records: ProviderParts['records'],
  keys: ProviderParts['keys'],
) {
  return createProviders({
    config,
    environment: {},
    now: Date.now,
    records,
    deployments: { all: () => [] },
    keys,
    guard: createGuard({ allow: config.outboundAllow }),
    descriptionsOf: null,
    engines: null,
    usualRun: () => null,
    isPredicted: async () => false,
  })
}
