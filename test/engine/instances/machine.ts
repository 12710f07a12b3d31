import { onTestFinished } from 'vitest'
import { createEngine } from '../../../src/engine/client.ts'
import type { Reach } from '../../../src/engine/instances/host.ts'
import { createInstances } from '../../../src/engine/instances/instances.ts'
import type { InstancesOptions } from '../../../src/engine/instances/interface.ts'
import type { Readiness } from '../../../src/engine/instances/states.ts'
import type { Slot, WaitState } from '../../../src/engine/instances/waiting.ts'
import type { Workload } from '../../../src/engine/instances/workload.ts'
import { hello } from '../../providers/support/cog-models.ts'
import {
  type ScriptedEngineOptions,
  startScriptedEngine,
} from '../../support/containers/scripted-engine.ts'
import { imageId, readJson } from '../support.ts'

/** Times that are short, for tests that wait for what comes after them. */
export const hasty = {
  stepEveryMs: 20,
  compareEveryMs: 50,
  awayAgainMs: 30,
  pullSilentMs: 60_000,
  lookEveryMs: 10,
  lookAgainMs: 60_000,
  lastLinesMs: 500,
}

export const image = { name: 'models/hello:1', id: imageId('a'), model: hello }

export function workload(more: Partial<Workload> = {}): Workload {
  return {
    key: 'test/hello@1',
    replacedBy: null,
    model: 'test/hello',
    deployment: null,
    version: '1',
    engines: ['local'],
    image: { id: image.id, name: image.name },
    container: {
      memory: null,
      cpus: null,
      isOpen: true,
      isReadOnly: true,
      hasInit: false,
      environment: {},
    },
    gpus: 0,
    gpuBytes: null,
    min: 0,
    max: 1,
    slots: 1,
    idleMs: 60_000,
    bootLimitMs: 60_000,
    usualRun: () => null,
    ...more,
  }
}

/** Asks the server in a container, as the cog provider does. */
async function look(origin: string): Promise<Readiness> {
  try {
    const response = await fetch(`${origin}/health-check`)
    const { status, setup } = (await response.json()) as {
      readonly status: string
      readonly setup: { readonly logs?: string }
    }
    const logs = setup.logs ?? ''
    if (status === 'STARTING') return { state: 'booting', logs }
    if (status !== 'SETUP_FAILED') return { state: 'ready' }
    return { state: 'broken', sentence: 'Setup of the model failed.', logs }
  } catch {
    return { state: 'away' }
  }
}

/** A scripted engine, and servers that run containers on it, one after another. */
export async function startMachine(options: ScriptedEngineOptions = { images: [image] }) {
  const engine = await startScriptedEngine(options)
  let time = Date.now()
  let ids = 0
  onTestFinished(() => engine.close())
  return {
    engine,
    /** Lets time pass for the servers, not for their timers. */
    pass(ms: number): void {
      time += ms
    },
    /** Starts a server. It is closed at the end of the test, where the test did not. */
    serve(
      workloads: readonly Workload[],
      more: Partial<InstancesOptions> & {
        readonly gpus?: readonly string[]
        readonly reach?: Reach
        /** Of a second engine, by the path of its socket. */
        readonly besides?: string
      } = {},
    ) {
      const { gpus = [], reach = { kind: 'same host' }, besides, ...own } = more
      let wanted = workloads
      const addresses = [
        engine.address,
        ...(besides === undefined ? [] : [{ ...engine.address, name: 'second', socket: besides }]),
      ]
      const instances = createInstances({
        engines: addresses.map((address) => ({
          engine: createEngine(address, readJson),
          gpus: gpus.map((id) => ({ id, bytes: null })),
          mostBooting: 4,
          reach,
        })),
        server: 'me',
        workloads: {
          find: (key) => wanted.find((one) => one.key === key) ?? null,
          kept: () => wanted.filter(({ min }) => min > 0),
          images: () => wanted.map(({ image: own }) => own),
        },
        look,
        authFor: () => null,
        now: () => time,
        newId: () => `${process.pid}-${ids++}`,
        keep: false,
        imagesMax: null,
        log: { error() {} },
        limits: hasty,
        ...own,
      })
      onTestFinished(() => instances.close())
      return {
        ...instances,
        /** Other containers are wanted from now on. */
        want(next: readonly Workload[]): void {
          wanted = next
          instances.changed()
        },
        /** Takes a slot; `waits` is what it waited for. */
        ask(one: Workload, signal = new AbortController().signal) {
          const waits: WaitState[] = []
          return { waits, taken: instances.take(one, signal, (state) => waits.push(state)) }
        },
        /** A slot, which there must be. */
        async slot(one: Workload): Promise<Slot> {
          const taken = await instances.take(one, new AbortController().signal, () => {})
          if (taken.kind !== 'slot') throw new Error(`no slot: ${JSON.stringify(taken)}`)
          return taken.slot
        },
      }
    },
  }
}
