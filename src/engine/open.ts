import { createHash } from 'node:crypto'
import type { Config } from '../config.ts'
import { registryLogin, registryOrigin } from '../domain/model/addresses/registry.ts'
import { engineAddress } from './address.ts'
import { createEngines, type Engines, type EnginesOptions } from './engines.ts'

/** The container engines of a configuration that names some. */
export function openEngines(
  { engines, engineCerts, engineNetwork, gpus, registries, keepsContainers, imagesMax }: Config,
  key: string,
  keys: { of(address: string): string | null },
  parts: Pick<EnginesOptions, 'now' | 'newId' | 'log' | 'getElsewhere' | 'readJson' | 'share'>,
): Engines {
  const logins = new Map(registries.map(({ host, ...login }) => [host, login]))
  return createEngines({
    ...parts,
    addresses: engines.map((one) => engineAddress(one, engineCerts)),
    gpusOf: (engine) => gpus.get(engine) ?? [],
    sharedNetwork: engineNetwork,
    // What an operator typed on a page is newer than what the server was started with.
    loginFor: (host) =>
      registryLogin(keys.of(registryOrigin(host)) ?? '') ?? logins.get(host) ?? null,
    // The same after a restart, and another one for each data folder.
    server: createHash('sha256').update(key).digest('hex').slice(0, 24),
    keep: keepsContainers,
    imagesMax,
  })
}
