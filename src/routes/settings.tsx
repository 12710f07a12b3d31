import { type Context, Hono } from 'hono'
import { z } from 'zod'
import { SettingsPage } from '../../views/pages/settings-page.tsx'
import type { ModelLine, SettingsTyped } from '../../views/settings/settings-row.tsx'
import { WebhookTest } from '../../views/settings/webhook-test.tsx'
import type { Deps } from '../deps.ts'
import type { Model } from '../domain/model/model.ts'
import type { ModelSettings } from '../domain/model/record.ts'
import { modelName, parseModelRef } from '../domain/model-ref.ts'
import { currentWarmth } from './models.tsx'
import { operatorsOnly } from './request/operators.tsx'
import { originOf, page } from './request/page.tsx'

const providerNames: Readonly<Record<string, string>> = {
  local: 'TypeScript models',
  cog: 'Cog',
  replicate: 'Replicate',
}

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
})

/** What an operator sees and sets while the server runs. */
export function settingsRoutes(deps: Deps) {
  const { records, config, runner, paths } = deps

  function lineOf(model: Model, refused: ModelLine['refused']): ModelLine {
    const { ref } = model
    const load = runner.load(ref)
    return { model, record: records.of(ref), warmth: currentWarmth(deps, model), ...load, refused }
  }

  async function draw(c: Context, refused?: { name: string } & NonNullable<ModelLine['refused']>) {
    const states = deps.providers.map(async (provider) => {
      const { name } = provider
      return { name: providerNames[name] ?? name, ...(await provider.state()) }
    })
    const models = (await runner.models()).map((model) =>
      lineOf(model, refused?.name === modelName(model.ref) ? refused : null),
    )
    const api = {
      base: `${originOf(c, deps)}${paths.api()}`,
      tokens: config.apiTokens.length,
    }
    return page(
      c,
      deps,
      <SettingsPage
        providers={await Promise.all(states)}
        models={models}
        api={api}
        more={<WebhookTest url='' outcome={null} />}
        defaults={{ timeoutMs: config.runTimeoutMs, maxQueue: config.maxQueue }}
      />,
      refused ? 422 : 200,
    )
  }

  async function modelIn(typed: Readonly<Record<string, string>>): Promise<Model | null> {
    const ref = parseModelRef(typed.model ?? '')
    return ref && runner.findModel(ref)
  }

  return new Hono()
    .use('/settings/*', operatorsOnly(deps))
    .use('/settings', operatorsOnly(deps))
    .get('/settings', (c) => draw(c))
    .post('/settings/models', async (c) => {
      const typed = typedIn(c)
      const model = await modelIn(typed)
      if (!model) return c.notFound()
      const name = modelName(model.ref)
      const read = settings.safeParse(typed)
      if (!read.success) {
        const sentence = read.error.issues[0]?.message ?? 'These settings are not valid.'
        return draw(c, { name, sentence, typed: typed as unknown as SettingsTyped })
      }
      await records.save({ ...records.of(model.ref), settings: settingsOf(read.data) })
      return c.redirect(`${paths.settings()}#${name}`, 303)
    })
    .post('/settings/models/removal', async (c) => {
      const model = await modelIn(typedIn(c))
      if (!model || !records.find(model.ref)?.source) return c.notFound()
      await records.remove(model.ref)
      return c.redirect(paths.settings(), 303)
    })
}

function typedIn(c: Context): Record<string, string> {
  const empty = { intake: '', copies: '', timeout: '', queue: '' }
  const texts = [...c.get('formFields')].map(([name, text]) => [name, text.trim()])
  return { ...empty, ...Object.fromEntries(texts) }
}

function settingsOf({ intake, copies, timeout, queue }: z.output<typeof settings>): ModelSettings {
  return { intake, copies, timeoutMs: timeout === null ? null : timeout * 1000, maxQueue: queue }
}
