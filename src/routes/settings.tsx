import { type Context, Hono } from 'hono'
import { z } from 'zod'
import { SettingsPage } from '../../views/pages/settings-page.tsx'
import { CutGroups } from '../../views/settings/cut-groups.tsx'
import type { ModelLine, SettingsTyped } from '../../views/settings/settings-row.tsx'
import { WebhookTest, WebhookTestPage } from '../../views/settings/webhook-test.tsx'
import type { Deps } from '../deps.ts'
import type { Model } from '../domain/model/model.ts'
import type { ModelRecord, ModelSettings } from '../domain/model/record.ts'
import { modelName, parseModelRef } from '../domain/model-ref.ts'
import { accountsOf } from '../domain/people/account.ts'
import { apiViewers } from './api/access.ts'
import { currentWarmth } from './model-state.ts'
import { auditEntry } from './request/audit.ts'
import { operatorsOnly } from './request/operators.tsx'
import { originOf, page } from './request/page.tsx'
import { viewerOf } from './request/viewer.ts'

/** A whole number from 1, or blank for the default. */
const whole = (what: string, most: number) =>
  z
    .string()
    .regex(/^\d*$/, `${what} must be a whole number or blank.`)
    .transform((text) => (text === '' ? null : Number(text)))
    .pipe(
      z
        .number()
        .min(1, `${what} must be at least 1.`)
        .max(most, `${what} must be at most ${most}.`)
        .nullable(),
    )

const settings = z.object({
  intake: z.enum(['open', 'draining', 'paused']),
  copies: whole('Concurrency', 1_000),
  timeout: whole('Timeout', 2_000_000),
  queue: whole('Max queue', 1_000_000),
  tool: z.enum(['', 'always', 'never'], 'Choose whether assistants have it as a tool.'),
})

/** The settings that operators see and change while the server runs. */
export function settingsRoutes(deps: Deps) {
  const { records, runner, paths } = deps

  async function modelIn({ model }: Typed): Promise<Model | null> {
    const ref = parseModelRef(model)
    return ref && runner.findModel(ref)
  }

  return new Hono()
    .use('/settings/*', operatorsOnly(deps))
    .use('/settings', operatorsOnly(deps))
    .get('/settings', (c) => settingsPage(c, deps))
    .post('/settings/models', async (c) => {
      const typed = typedIn(c)
      const model = await modelIn(typed)
      if (!model) return c.notFound()
      const name = modelName(model.ref)
      const read = settings.safeParse(typed)
      if (!read.success) {
        const sentence = read.error.issues[0]?.message ?? 'These settings are not valid.'
        return settingsPage(c, deps, { name, sentence, typed })
      }
      const before = records.of(model.ref)
      const { tool: _tool, ...kept } = before.settings
      const next = { ...kept, ...settingsOf(read.data) }
      const detail = settingsDetail(before.settings, next)
      const entry = auditEntry(c, deps, 'model changed', name, { detail })
      await records.save({ ...before, settings: next }, entry)
      return c.redirect(`${paths.settings()}#${name}`, 303)
    })
    .post('/settings/models/removal', async (c) => {
      const model = await modelIn(typedIn(c))
      if (!model || !records.find(model.ref)?.source) return c.notFound()
      const entry = auditEntry(c, deps, 'model removed', modelName(model.ref))
      await Promise.all([records.remove(model.ref, entry), deps.edits.remove(model.ref)])
      return c.redirect(paths.settings(), 303)
    })
    .post('/settings/webhook-test', async (c) => {
      const url = c.get('formFields').get('url')?.trim() ?? ''
      const outcome = await deps.webhooks.test(url, signersOf(c, deps))
      return page(c, deps, <WebhookTestPage {...{ url, outcome }} />)
    })
}

/** The accounts whose secrets sign a test: those of who sends it; where nobody signs in, those of all programs. */
function signersOf(c: Context, deps: Deps): readonly string[] {
  const viewer = viewerOf(c, deps)
  if (viewer.kind === 'person') return accountsOf(viewer)
  return apiViewers(deps.config).map(({ id }) => id)
}

/** Settings of a model that were not saved, by its name. */
type Refused = NonNullable<ModelLine['refused']> & { readonly name: string }

async function settingsPage(c: Context, deps: Deps, refused: Refused | null = null) {
  const { config, runner, paths } = deps
  const states = deps.providers.map(async (provider) => {
    return { name: provider.title, ...(await provider.state()) }
  })
  const lines = (await runner.models()).map((model) =>
    lineOf(deps, model, refused?.name === modelName(model.ref) ? refused : null),
  )
  return page(
    c,
    deps,
    <SettingsPage
      providers={await Promise.all(states)}
      models={await Promise.all(lines)}
      api={{ base: `${originOf(c, deps)}${paths.api()}`, tokens: config.apiTokens.length }}
      more={
        <>
          <CutGroups people={deps.signIn?.cutGroups() ?? []} />
          <WebhookTest url='' outcome={null} />
        </>
      }
      defaults={{
        timeoutMs: config.runTimeoutMs,
        maxQueue: config.maxQueue,
      }}
    />,
    refused ? 422 : 200,
  )
}

async function lineOf(deps: Deps, model: Model, refused: ModelLine['refused']): Promise<ModelLine> {
  const { ref } = model
  const record = deps.records.of(ref)
  const warmth = currentWarmth(deps, model)
  const load = await deps.runner.load(ref)
  return { model, record, urls: urlsOf(deps, record), warmth, ...load, refused }
}

function urlsOf({ providers }: Deps, { source }: ModelRecord): readonly string[] {
  const provider = providers.find(({ name }) => name === source?.provider)
  return (source && provider?.sources?.urls(source)) ?? []
}

type Typed = SettingsTyped & { readonly model: string }

function typedIn(c: Context): Typed {
  const textOf = (name: string) => c.get('formFields').get(name)?.trim() ?? ''
  return {
    model: textOf('model'),
    intake: textOf('intake'),
    copies: textOf('copies'),
    timeout: textOf('timeout'),
    queue: textOf('queue'),
    tool: textOf('tool'),
  }
}

function settingsOf(read: z.output<typeof settings>): ModelSettings {
  const { intake, copies, timeout, queue, tool } = read
  const timeoutMs = timeout === null ? null : timeout * 1000
  return { intake, copies, timeoutMs, maxQueue: queue, ...(tool === '' ? {} : { tool }) }
}

/** The settings that changed, such as `intake paused, copies 2`. */
function settingsDetail(before: ModelSettings, next: ModelSettings): string {
  const shown: readonly (readonly [name: string, was: unknown, is: unknown])[] = [
    ['intake', before.intake, next.intake],
    ['concurrency', before.copies, next.copies],
    ['timeout in ms', before.timeoutMs, next.timeoutMs],
    ['max queue', before.maxQueue, next.maxQueue],
    ['tool of assistants', before.tool, next.tool],
  ]
  const changed = shown.filter(([, was, is]) => was !== is)
  return changed.map(([name, , is]) => `${name} ${is ?? 'default'}`).join(', ')
}
