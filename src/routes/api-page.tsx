import { type Context, Hono } from 'hono'
import { ApiPage } from '../../views/pages/api-page.tsx'
import type { Deps } from '../deps.ts'
import type { JsonObject } from '../domain/json/json.ts'
import type { Model } from '../domain/model/model.ts'
import { parseModelRef } from '../domain/model-ref.ts'
import { snippetInputs } from '../domain/snippet/input.ts'
import { mcpConfiguration } from '../domain/snippet/mcp.ts'
import { openAiAsked, openAiNode, openAiPython } from '../domain/snippet/openai-client.ts'
import {
  filesMadeBy,
  type SnippetLanguage,
  type SnippetVariant,
  snippet,
  snippetLanguages,
  variantsFor,
} from '../domain/snippet/snippet.ts'
import { openForm, sameQuery } from './forms/open-form.ts'
import { currentWarmth } from './model-state.ts'
import { originOf, page } from './request/page.tsx'
import { usableModels } from './request/usable-models.ts'
import { viewerOf } from './request/viewer.ts'

/** The page with the code of a run, with the inputs in the query. */
export function apiPageRoutes(deps: Deps) {
  return new Hono().get('/:owner/:name/api', async (c) => {
    const ref = parseModelRef(`${c.req.param('owner')}/${c.req.param('name')}`)
    const model = ref && (await usableModels(deps, viewerOf(c, deps)).findSoon(ref))
    if (!model) return c.notFound()
    const schema = model.version.schema
    const variants = variantsFor(schema)
    const language = snippetLanguages.find((one) => one === c.req.query('language')) ?? 'node'
    const variant = variants.find((one) => one === c.req.query('variant')) ?? 'run'
    const address = `${originOf(c, deps)}${deps.paths.base}`
    const needsToken = deps.config.apiTokens.length > 0
    const shown = await shownForm(c, deps, model)
    const inputs = snippetInputs(shown)
    const server = { model: model.ref, address, needsToken }
    const code = snippet(language, { ...server, inputs, variant, files: filesMadeBy(schema) })
    const asked = openAiAsked(schema, inputs)
    const openAi = asked && {
      python: openAiPython({ ...server, asked }),
      node: openAiNode({ ...server, asked }),
    }
    const form = sameQuery(schema, shown, c.req.queries())
    return page(
      c,
      deps,
      <ApiPage
        model={model}
        warmth={currentWarmth(deps, model)}
        {...{ address, needsToken, code, language, variant, variants, openAi }}
        mcp={mcpConfiguration(server)}
        queryFor={(...chosen) => queryFor(form, ...chosen)}
        formQuery={form}
      />,
    )
  })
}

/** The parameters of the page itself; all others are of the form. */
const own = ['language', 'variant']

function queryFor(form: string, language: SnippetLanguage, variant: SnippetVariant) {
  const query = new URLSearchParams(form)
  query.set('language', language)
  query.set('variant', variant)
  return `?${query}`
}

/** The form with the inputs in the query; with the model’s example when there are none. */
function shownForm(c: Context, deps: Deps, model: Model) {
  const asked = Object.entries(c.req.queries()).filter(([name]) => !own.includes(name))
  const query = asked.length === 0 ? { example: ['default'] } : Object.fromEntries(asked)
  return openForm(c, deps, model, viewerOf(c, deps), query, exampleAsItIs)
}

/** Code shows only the names of files, so those of an example need no URLs. */
async function exampleAsItIs(_c: Context, _deps: Deps, _model: Model, input: JsonObject) {
  return input
}
