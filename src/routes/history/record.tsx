import { createHash } from 'node:crypto'
import { type Context, Hono } from 'hono'
import type { ComparedPrediction } from '../../../views/difference/comparison-page.tsx'
import {
  type RecordLanguage,
  RecordPage,
  recordLanguages,
} from '../../../views/record/record-page.tsx'
import type { Deps } from '../../deps.ts'
import { recordInputs, recordJson } from '../../domain/prediction/record.ts'
import { bibTex, type Cited, linkedDataText } from '../../domain/snippet/citation.ts'
import { type Code, code as plainCode } from '../../domain/snippet/code.ts'
import { filesMadeBy, snippet } from '../../domain/snippet/snippet.ts'
import { createTurns } from '../../sleep.ts'
import { sendInertText } from '../files/output-content.ts'
import { originOf, page } from '../request/page.tsx'
import { readCompared } from './compared.ts'

/** The record of a prediction, for citing it and running it again: `/p/ID.json` and a page. */
export function recordRoutes(deps: Deps) {
  return new Hono()
    .get('/p/:id', async (c, next) => {
      const [id = '', ending] = c.req.param('id').split('.')
      if (ending !== 'json') return next()
      const found = await readCompared(c, deps, id)
      if (!found) return c.notFound()
      const json = recordJson(found.prediction, found.schema)
      c.header('ETag', `"${sha256Of(json)}"`)
      return sendInertText(c, 'application/json', json)
    })
    .get('/p/:id/record', async (c) => {
      const found = await readCompared(c, deps, c.req.param('id'))
      if (!found) return c.notFound()
      const { prediction, schema } = found
      const turn = createTurns()
      const language = recordLanguages.find((one) => one === c.req.query('language')) ?? 'python'
      const cited = citedAs(c, deps, found)
      await turn()
      const code = codeIn(c, deps, language, found, cited)
      await turn()
      return page(
        c,
        deps,
        <RecordPage
          {...{ prediction, language, sha256: cited.sha256 }}
          inputs={recordInputs(prediction, schema)}
          code={code}
          linkedData={linkedDataText(cited)}
        />,
      )
    })
}

function citedAs(c: Context, deps: Deps, { prediction, schema }: ComparedPrediction): Cited {
  return {
    prediction,
    address: originOf(c, deps) + deps.paths.prediction(prediction.id),
    sha256: sha256Of(recordJson(prediction, schema)),
    day: new Date(prediction.createdAt).toISOString().slice(0, 10),
  }
}

/** The code that runs a prediction again, or cites it. */
function codeIn(
  c: Context,
  deps: Deps,
  language: RecordLanguage,
  { prediction, schema }: ComparedPrediction,
  cited: Cited,
): Code {
  if (language === 'bibtex') return plainCode`${bibTex(cited)}`
  return snippet(language, {
    model: prediction.model,
    version: prediction.version,
    inputs: recordInputs(prediction, schema).map(({ name, value, isSecret }) => ({
      name,
      value: isSecret ? null : value,
      secret: isSecret,
    })),
    address: `${originOf(c, deps)}${deps.paths.base}`,
    needsToken: deps.config.apiTokens.length > 0,
    variant: 'run',
    files: filesMadeBy(schema),
  })
}

function sha256Of(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
