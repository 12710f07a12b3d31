import { type Context, Hono } from 'hono'
import { accepts } from 'hono/accepts'
import type { Deps } from '../../deps.ts'
import { fillForm } from '../../domain/form/form.ts'
import type { Model } from '../../domain/model/model.ts'
import { once } from '../../domain/once.ts'
import { llmsText } from '../../domain/snippet/llms-text.ts'
import { modelMarkdown } from '../../domain/snippet/model-markdown.ts'
import { sendInertText } from '../files/output-content.ts'
import { originOf } from '../request/page.tsx'
import { usableModels } from '../request/usable-models.ts'
import { viewerOf } from '../request/viewer.ts'
import { findModel } from '../workspace/model-in-path.ts'

const types = ['text/html', 'application/json', 'text/markdown']

/** Models for programs and assistants: the page of each as JSON or Markdown, and `llms.txt`. */
export function machinePageRoutes(deps: Deps) {
  // The API is loaded with the first request for it.
  const json = once(async () => {
    const { createModelJson } = await import('../api/models/single-model.ts')
    return createModelJson(deps)
  })
  return new Hono()
    .get('/llms.txt', async (c) => {
      const models = await usableModels(deps, viewerOf(c, deps)).all()
      return sendInertText(c, 'text/plain', llmsOf(c, deps, models))
    })
    .get('/:owner/:name/llms.txt', async (c) => {
      const model = await findModel(c, deps)
      return model ? sendInertText(c, 'text/plain', markdownOf(c, deps, model)) : c.notFound()
    })
    .get('/:owner/:name', async (c, next) => {
      c.header('Vary', 'Accept', { append: true })
      const type = accepts(c, { header: 'Accept', supports: types, default: 'text/html' })
      const model = type === 'text/html' ? null : await findModel(c, deps)
      if (!model) return next()
      if (type === 'text/markdown')
        return sendInertText(c, 'text/markdown', markdownOf(c, deps, model))
      return sendInertText(c, 'application/json', await (await json())(c, model))
    })
}

function addressOf(c: Context, deps: Deps): string {
  return `${originOf(c, deps)}${deps.paths.base}`
}

function llmsOf(c: Context, deps: Deps, models: readonly Model[]): string {
  const origin = originOf(c, deps)
  return llmsText(models, {
    address: addressOf(c, deps),
    host: new URL(origin).host,
    needsToken: deps.config.apiTokens.length > 0,
    textOf: ({ ref }) => `${origin}${deps.paths.modelText(ref)}`,
  })
}

function markdownOf(c: Context, deps: Deps, model: Model): string {
  const [input] = model.examples
  return modelMarkdown(model, {
    address: addressOf(c, deps),
    page: `${originOf(c, deps)}${deps.paths.model(model.ref)}`,
    needsToken: deps.config.apiTokens.length > 0,
    example: input ? fillForm(model.version.schema, input, []) : null,
  })
}
