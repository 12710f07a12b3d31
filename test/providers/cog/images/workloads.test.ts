import { describe, expect, it } from 'vitest'
import type { Hardware } from '../../../../src/domain/instance/hardware.ts'
import type { Deployment } from '../../../../src/domain/model/deployment.ts'
import { type ModelRecord, noSettings } from '../../../../src/domain/model/record.ts'
import {
  imageVersionId,
  sourceOfImages,
} from '../../../../src/providers/cog/images/image-source.ts'
import {
  createImageWorkloads,
  workloadKey,
} from '../../../../src/providers/cog/images/image-workloads.ts'

const ref = { owner: 'team', name: 'greets' }
const [older, newer] = [image('1'), image('2')]
type Image = Parameters<typeof sourceOfImages>[0][number]

function image(digit: string): Image {
  return {
    named: `team/greets:${digit}`,
    name: `team/greets:${digit}`,
    image: `sha256:${digit.repeat(64)}`,
    schemas: { Input: { type: 'object', properties: {} }, Output: { type: 'string' } },
    streams: false,
    cogVersion: null,
    gpu: true,
    slots: 2,
    hasInit: true,
    addedAt: 0,
  }
}

function hardware(name: string, cpus: number): Hardware {
  return { name, engine: null, gpus: 0, gpuBytes: null, memory: null, cpus }
}

function workloadsFor(ofModel: string | null, ofDeployment: string, idleMs: number | null = null) {
  const record: ModelRecord = {
    ref,
    source: sourceOfImages([older, newer], newer.image),
    hardware: ofModel,
    settings: noSettings,
    createdAt: 0,
    updatedAt: 0,
  }
  const deployment: Deployment = {
    ref: { owner: 'team', name: 'shop' },
    current: {
      number: 1,
      model: ref,
      version: imageVersionId(ref, older),
      hardware: ofDeployment,
      minInstances: 2,
      maxInstances: 3,
      idleMs,
      createdAt: 0,
      createdBy: 'olga',
    },
  }
  const workloads = createImageWorkloads({
    engines: ['local'],
    hardware: [hardware('small', 1), hardware('large', 4)],
    records: { all: () => [record] },
    deployments: { all: () => [deployment] },
    usualRun: () => null,
  })
  const of = (image: Image) => workloads.find(workloadKey(ref, image, deployment.ref))
  return { older: of(older), newer: of(newer), kept: workloads.kept() }
}

describe('the containers of a deployment', () => {
  it('stay idle for as long as it says, those of earlier versions for no longer than usual', () => {
    const long = workloadsFor(null, 'small', 3_600_000)
    expect([long.older?.idleMs, long.newer?.idleMs]).toEqual([3_600_000, 10_000])
    const short = workloadsFor(null, 'small', 2_000)
    expect([short.older?.idleMs, short.newer?.idleMs]).toEqual([2_000, 2_000])
  })

  it('are kept ready of the version that it runs, in whose place no other comes', () => {
    const { older: current, newer: other, kept } = workloadsFor(null, 'small')
    expect(kept).toEqual([current])
    expect(current).toMatchObject({ min: 2, max: 3, replacedBy: null, idleMs: 300_000 })
    expect(other).toMatchObject({ min: 0, max: 3, replacedBy: current?.key, idleMs: 10_000 })
  })

  it.each([
    ['small', 'large', 1, 0],
    ['none', 'large', 4, 0],
    ['none', 'neither', null, 1],
    ['none', null, null, 1],
  ])('run on %s, of a model on %s, with %s CPUs and %s GPUs', (own, ofModel, cpus, gpus) => {
    expect(workloadsFor(ofModel, own).older).toMatchObject({ gpus, container: { cpus } })
  })
})
