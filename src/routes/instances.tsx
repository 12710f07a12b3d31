import { type Context, Hono } from 'hono'
import { Instances, type InstancesProps } from '../../views/monitor/instances.tsx'
import type { Deps } from '../deps.ts'
import { usualInstances } from '../domain/instance/choices.ts'
import { lastSetUpLog } from '../domain/instance/set-up-log.ts'
import type { Model } from '../domain/model/model.ts'
import { type ModelRef, modelName, parseModelRef } from '../domain/model-ref.ts'
import type { ProviderInstances } from '../providers/provider.ts'
import { auditEntry } from './request/audit.ts'
import { operatorsOnly } from './request/operators.tsx'
import { fragment } from './request/page.tsx'
import { usableModels } from './request/usable-models.ts'
import { viewerOf } from './request/viewer.ts'

/** The instances of a model, as operators see them, and what they do with them. */
export function instanceRoutes(deps: Deps) {
  const { paths, store } = deps
  const below = '/settings/models/:owner/:name'
  return new Hono()
    .get(`${below}/instances`, operatorsOnly(deps), async (c) => {
      const model = await modelInPath(c, deps)
      const shown = model && (await shownInstances(deps, model))
      return shown ? fragment(c, deps, <Instances {...shown} />) : c.notFound()
    })
    .post(`${below}/instances`, operatorsOnly(deps), async (c) => {
      const model = await modelInPath(c, deps)
      const instances = model && instancesOf(deps, model)
      if (!instances) return c.notFound()
      const { ref } = model
      const detail = await press(instances, ref, c.get('formFields').get('press') ?? '')
      if (detail === null) return c.notFound()
      await store.addEntry(auditEntry(c, deps, 'model changed', modelName(ref), { detail }))
      return c.redirect(`${paths.modelMonitor(ref)}#instances`, 303)
    })
    .get(`${below}/set-up.txt`, operatorsOnly(deps), async (c) => {
      const model = await modelInPath(c, deps)
      const instances = model && instancesOf(deps, model)
      const log = instances && lastSetUpLog(instances.of(model.ref), instances.failures(model.ref))
      if (!log) return c.notFound()
      c.header('Cache-Control', 'no-store')
      return c.text(log.text)
    })
}

/** The model that a page of operators is of; null when there is none. */
export async function modelInPath(c: Context, deps: Deps): Promise<Model | null> {
  const ref = parseModelRef(`${c.req.param('owner')}/${c.req.param('name')}`)
  return ref && usableModels(deps, viewerOf(c, deps)).findSoon(ref)
}

/** What the page of a model says of its instances; null when its provider starts none for it. */
export async function shownInstances(deps: Deps, model: Model): Promise<InstancesProps | null> {
  const { ref, provider } = model
  const instances = instancesOf(deps, model)
  if (!instances) return null
  const names = deps.providers.find(({ name }) => name === provider)?.instanceChoices?.(ref) ?? []
  const [load, ...all] = await Promise.all([
    deps.runner.load(ref),
    ...instances
      .of(ref)
      .map(async (state) => [state, await instances.memoryOf(state.name)] as const),
  ])
  return {
    model,
    instances: all,
    failures: instances.failures(ref),
    nextTry: instances.nextTry(ref),
    choices: deps.records.of(ref).settings.instances ?? usualInstances,
    hasMost: names.includes('max'),
    load,
    now: deps.now(),
  }
}

/** Null for a model that none is started for, such as one at the URL of a container. */
function instancesOf({ providers }: Deps, { ref, provider }: Model): ProviderInstances | null {
  const found = providers.find(({ name }) => name === provider)
  const areStarted = (found?.instanceChoices?.(ref) ?? []).length > 0
  return (areStarted && found?.instances) || null
}

/** Does what a button says. Resolves with what was done, for the audit log; null when there is nothing of that name. */
async function press(
  instances: ProviderInstances,
  ref: ModelRef,
  pressed: string,
): Promise<string | null> {
  if (pressed === 'try again') {
    await instances.tryAgain(ref)
    return 'failures forgotten'
  }
  const [action, ...words] = pressed.split(' ')
  const name = words.join(' ')
  if (!instances.of(ref).some((one) => one.name === name)) return null
  if (action === 'drain') return (await instances.drain(name)) ? `${name} drained` : null
  if (action === 'stop') return (await instances.stop(name)) ? `${name} stopped` : null
  return null
}
