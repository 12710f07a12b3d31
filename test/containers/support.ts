import { expect, inject } from 'vitest'
import { labels } from '../../src/engine/labels.ts'
import { type Answered, apiAt } from '../support/api-at.ts'
import { buildImage, type ImageOptions } from '../support/containers/image.ts'
import { podmanIn } from '../support/containers/podman.ts'
import { standIn } from '../support/containers/stand-in-image.ts'
import { eventually } from '../support/eventually.ts'
import { idIn } from '../support/prediction-id.ts'
import { type Server, startServer } from '../support/server.ts'
import { type FormValues, toFormData } from '../support/visitor.ts'

/** A container of ours, as the engine lists it. */
export interface Listed {
  readonly id: string
  readonly status: string
  /** `team/echo`. */
  readonly model: string
  readonly version: string
}

export interface SandpitOptions {
  readonly environment?: Readonly<Record<string, string>>
}

export type Sandpit = Awaited<ReturnType<typeof startSandpit>>

/** The built server over the engine of the tests. */
export async function startSandpit({ environment = {} }: SandpitOptions = {}) {
  const podman = podmanIn(inject('podman'))
  const engine = podman.engine()
  const settings = {
    SANDPIT_ENGINE: `unix://${podman.socket}`,
    SANDPIT_RATE: 'off',
    SANDPIT_CONTAINERS_KEEP: 'false',
    ...environment,
  }
  let server: Server = await startServer({ environment: settings })

  /** Starts the server again on its data, with other settings where some are given. */
  async function start(others: Readonly<Record<string, string>> = {}): Promise<void> {
    server = await startServer({ data: server.data, environment: { ...settings, ...others } })
  }

  async function containers(): Promise<readonly Listed[]> {
    const all = await engine.list(labels.server)
    return all.map(({ id, status, labels: own }) => {
      const [model = '', version = ''] = (own[labels.workload] ?? '').split('@')
      return { id, status, model, version }
    })
  }

  async function post(path: string, body: object, status: number) {
    const response = await fetch(`${server.url}${path}`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(body),
    })
    const text = await response.text()
    expect(response.status, text).toBe(status)
    return JSON.parse(text)
  }

  async function send(path: string, values: FormValues): Promise<Response> {
    return fetch(`${server.url}${path}`, {
      method: 'POST',
      redirect: 'manual',
      headers: { Origin: server.url },
      body: toFormData(values),
    })
  }

  return {
    podman,
    engine,
    url: () => server.url,
    containers,
    post,
    send,
    start,
    stop: (signal?: NodeJS.Signals) => server.stop(signal),
    /** Builds an image that differs from the first one by its wishes. */
    build: (options: ImageOptions) => buildImage(podman.socket, { from: standIn, ...options }),
    /** Makes a new model that is run from an image; answers the id of its version. */
    async add(name: string, image: string): Promise<string> {
      const of = { owner: 'team', name, visibility: 'public', hardware: 'cpu' }
      await post('/v1/models', of, 201)
      return (await post(`/v1/models/team/${name}/versions`, { image }, 201)).id
    },
    /** Says on the edit page of a model how its containers are run; what is left out is as usual. */
    async choose(model: string, choices: { max?: number; idle?: number } = {}): Promise<void> {
      const page = await (await fetch(`${server.url}/${model}/edit`)).text()
      const [, seen = ''] = /name="seen" value="([^"]*)"/.exec(page) ?? []
      const { max = 1, idle = 300 } = choices
      const typed = { min: '0', max: String(max), idle: String(idle), boot: '900' }
      const response = await send(`/${model}/edit`, { seen, ...typed })
      expect(response.status, await response.text()).toBe(303)
    },
    async page(path: string): Promise<string> {
      const response = await fetch(`${server.url}${path}`)
      expect(response.status).toBe(200)
      return response.text()
    },
    /** Presses Run in the form of a model; answers the id of the prediction. */
    async press(model: string, inputs: Readonly<Record<string, string>>): Promise<string> {
      const page = await (await fetch(`${server.url}/${model}`)).text()
      const hidden = page.matchAll(
        /<input type="hidden" name="(model|version|key)" value="([^"]*)"/g,
      )
      const named = Object.entries(inputs).map(([name, value]) => [`input.${name}`, value] as const)
      const response = await send('/predictions', {
        ...Object.fromEntries([...hidden].map(([, name, value]) => [name, value])),
        ...Object.fromEntries(named),
      })
      const id = idIn(response)
      expect(id, `Status ${response.status}`).not.toBe('')
      return id
    },
    /** Runs a model, or a version of it: `team/echo:6f2a…`. */
    run: (version: string, input: object): Promise<Answered> =>
      apiAt(server.url).run(version, input),
    find: (id: string): Promise<Answered> => apiAt(server.url).find(id),
    cancel: (id: string): Promise<Answered> => apiAt(server.url).cancel(id),
    get: async (path: string) => (await fetch(`${server.url}${path}`)).json(),
    /** A prediction once it has ended. */
    async settled(id: string): Promise<Answered> {
      await eventually(async () => {
        const { status, logs } = await apiAt(server.url).find(id)
        expect(status, logs).toMatch(/^(succeeded|failed|canceled|aborted)$/)
      }, 60_000)
      return apiAt(server.url).find(id)
    },
    /** Stops the server; its containers and networks must be gone then. */
    async end(): Promise<void> {
      await server.stop()
      try {
        expect(await containers()).toEqual([])
        expect(podman.networks()).toEqual([])
      } finally {
        await engine.close()
      }
    },
  }
}
