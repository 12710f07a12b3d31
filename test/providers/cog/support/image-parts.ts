import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { usualInstances } from '../../../../src/domain/instance/choices.ts'
import { type ModelRecord, noSettings } from '../../../../src/domain/model/record.ts'
import { createEngines } from '../../../../src/engine/engines.ts'
import { createGuard } from '../../../../src/outbound/guard.ts'
import { createCogProvider } from '../../../../src/providers/cog/cog.ts'
import { sourceOfImages } from '../../../../src/providers/cog/images/image-source.ts'
import { jsonOf } from '../../../../src/providers/parse-response.ts'
import { startScriptedEngine } from '../../../support/containers/scripted-engine.ts'
import { type Part, type ProviderSetUp, parts } from '../../conformance.ts'
import type { Generation } from '../../support/cog-generations.ts'
import { hastyLimits } from '../../support/cog-models.ts'
import { partModels, startHooks } from '../../support/cog-parts.ts'

/** The parts of the conformance suite as images, whose containers are started for each run that needs one. */
export async function setUpCogImages(generation: Generation): Promise<ProviderSetUp> {
  const folder = mkdtempSync(join(tmpdir(), 'sandpit-cog-images-'))
  const images = parts.map((part, at) => ({
    name: `parts/${part}:1`,
    id: `sha256:${String(at).repeat(64)}`,
    model: partModels[part],
    generation,
  }))
  const engine = await startScriptedEngine({ images })
  const engines = createEngines({
    addresses: [engine.address],
    gpusOf: () => [],
    sharedNetwork: null,
    share: null,
    loginFor: () => null,
    getElsewhere: createGuard({ allow: [] }).get,
    readJson: async (bytes) => jsonOf(bytes),
    server: 'conformance',
    keep: false,
    imagesMax: null,
    now: Date.now,
    newId: () => crypto.randomUUID(),
    log: { error() {} },
    limits: { lookEveryMs: 10, stepEveryMs: 20 },
  })
  const ref = (part: Part) => ({ owner: 'test', name: part })
  const records = images.map(({ name, id, model }, at): ModelRecord => {
    const version = {
      named: name,
      name,
      image: id,
      schemas: { Input: model.input, Output: model.output, ...model.others },
      streams: model.streams ?? false,
      cogVersion: null,
      gpu: false,
      slots: 1,
      hasInit: true,
      addedAt: 0,
    }
    return {
      ref: ref(parts[at] as Part),
      source: sourceOfImages([version], id),
      hardware: null,
      settings: { ...noSettings, instances: { ...usualInstances, isOpen: true, max: 4 } },
      createdAt: 0,
      updatedAt: 0,
    }
  })
  const provider = createCogProvider({
    models: [],
    records: { all: () => records },
    folder,
    guard: createGuard({ allow: [] }),
    engines,
    now: Date.now,
    limits: hastyLimits,
  })
  const containersOf = (part: Part) =>
    engine.containers().filter(({ image }) => image.name === `parts/${part}:1`)
  const hooks = await startHooks(provider, async (id, body) => {
    for (const one of containersOf('vanish'))
      if (one.server().asked.includes(`PUT /predictions/${id}`) && body.includes('working'))
        await one.end(137)
  })

  return {
    provider,
    model: ref,
    lacks: ['progress', 'names'],
    callbackUrl: hooks.callbackUrl,
    working: () =>
      containersOf('slow')
        .filter((one) => one.state().status === 'running')
        .reduce((sum, one) => sum + one.server().working(), 0),
    async close() {
      await provider.close()
      await engine.close()
      hooks.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
