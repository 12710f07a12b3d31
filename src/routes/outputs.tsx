import { type Context, Hono } from 'hono'
import { accepts } from 'hono/accepts'
import { PicturePage } from '../../views/pages/picture-page.tsx'
import type { Deps } from '../deps.ts'
import { isId } from '../domain/id.ts'
import { fileKey, filesIn, givenInline, isPicture } from '../domain/output/output-file.ts'
import { tableOf } from '../domain/output/table.ts'
import { linkHolder, may, shownTo } from '../domain/policy.ts'
import { textOf } from '../domain/prediction/output.ts'
import { isSettled, isSpilling, type Prediction } from '../domain/prediction/prediction.ts'
import { unknownSchema } from '../domain/schema/schema.ts'
import { type Paths, sharedPaths } from '../paths.ts'
import {
  type PredictionLinks,
  predictionJson,
  withAddresses,
} from './api/predictions/prediction-json.ts'
import { predictionMarkdown } from './api/predictions/prediction-markdown.ts'
import { csvOf } from './files/csv.ts'
import {
  largeOutputCsv,
  largeOutputJson,
  largeOutputOf,
  largeOutputText,
} from './files/large-output.ts'
import {
  inlineFiles,
  sendArchive,
  sendInertJson,
  sendInertStream,
  sendInertText,
  sendInline,
  sendSource,
} from './files/output-content.ts'
import { originOf, page } from './request/page.tsx'
import { viewerOf } from './request/viewer.ts'

/** A prediction as its viewer may see it and reaches it: by its own address, or by a link to it. */
interface Seen {
  readonly prediction: Prediction
  readonly paths: Paths
}

type Find = (c: Context) => Promise<Seen | null>

/** What a prediction made, to take along: for whoever may see it. */
export function outputRoutes(deps: Deps) {
  return routesUnder('/p/:id', deps, async (c) => {
    const id = c.req.param('id') ?? ''
    const prediction = isId(id) ? await deps.runner.find(id) : null
    const viewer = viewerOf(c, deps)
    if (!prediction || !may(viewer, 'see', prediction)) return null
    return { prediction: shownTo(viewer, prediction), paths: deps.paths }
  })
}

/** The same, for whoever has a link to it. */
export function sharedOutputRoutes(deps: Deps) {
  return routesUnder('/s/:token', deps, async (c) => {
    const token = c.req.param('token') ?? ''
    const share = isId(token) ? await deps.store.findShare(token) : null
    const prediction = share?.revokedAt === null ? await deps.runner.find(share.prediction) : null
    if (!prediction) return null
    return { prediction: shownTo(linkHolder, prediction), paths: sharedPaths(deps.paths, token) }
  })
}

function routesUnder(at: string, deps: Deps, find: Find) {
  /** Answers what `make` makes of the prediction; 404 when there is none, or it makes null. */
  const answer =
    (make: (c: Context, seen: Seen) => Promise<Response | null> | Response | null) =>
    async (c: Context) => {
      const seen = await find(c)
      return (seen && (await make(c, seen))) ?? c.notFound()
    }

  return new Hono()
    .get(at, async (c, next) => {
      c.header('Vary', 'Accept', { append: true })
      const type = accepts(c, { header: 'Accept', supports: types, default: 'text/html' })
      const seen = type === 'text/html' ? null : await find(c)
      if (!seen) return next()
      return type === 'text/markdown' ? sendMarkdown(c, deps, seen) : sendPrediction(c, deps, seen)
    })
    .get(
      `${at}/prediction.json`,
      answer((c, seen) => sendPrediction(c, deps, seen)),
    )
    .get(
      `${at}/output.txt`,
      answer(async (c, { prediction }) => {
        const whole = largeOutputOf(prediction)
        if (whole) {
          const { concatenate } = await outputSchema(prediction, deps)
          return sendInertStream(
            c,
            'text/plain',
            await largeOutputText(deps.files, whole, concatenate),
          )
        }
        const text = await textIn(prediction, deps)
        return text === null ? null : sendInertText(c, 'text/plain', text)
      }),
    )
    .get(
      `${at}/output.json`,
      answer(async (c, seen) => {
        const { prediction } = seen
        const links = linksOf(c, deps, seen)
        const whole = largeOutputOf(prediction)
        if (whole) {
          const json = await largeOutputJson(deps.files, whole, prediction, links.file)
          return sendInertStream(c, 'application/json', json)
        }
        if (isSpilling(prediction)) return null
        return sendInertJson(c, withAddresses(prediction.output, prediction, links))
      }),
    )
    .get(
      `${at}/output.csv`,
      answer(async (c, { prediction }) => {
        const whole = largeOutputOf(prediction)
        const large = whole && (await largeOutputCsv(deps.files, whole))
        const table = tableOf(prediction.output, () => false)
        if ((!table && !large) || isSpilling(prediction)) return null
        c.header('Content-Disposition', `attachment; filename="${prediction.id}.csv"`)
        if (large || !table) return sendInertStream(c, 'text/csv', large)
        return sendInertText(c, 'text/csv', csvOf(table))
      }),
    )
    .get(
      `${at}/files.zip`,
      answer((c, { prediction }) => sendArchive(c, deps.files, prediction)),
    )
    .get(
      `${at}/pictures/:key`,
      answer((c, seen) => pictureView(c, deps, seen)),
    )
    .get(
      `${at}/sources/:ref`,
      answer((c, { prediction }) => {
        const file = prediction.files.find(({ ref }) => ref === c.req.param('ref'))
        return file ? sendSource(c, deps.files, file) : null
      }),
    )
    .get(
      `${at}/inline/:inline/:name`,
      answer((c, { prediction }) => {
        const file = inlineFiles(prediction)[Number(c.req.param('inline'))]
        return file ? sendInline(c, file) : null
      }),
    )
    .get(
      `${at}/given/:inline/:name`,
      answer((c, { prediction }) => {
        const file = [...givenInline(prediction.input).values()][Number(c.req.param('inline'))]
        return file ? sendInline(c, file) : null
      }),
    )
}

/** A picture in full size, among the others of its prediction. */
async function pictureView(c: Context, deps: Deps, { prediction, paths }: Seen) {
  const pictures = filesIn(prediction.output, prediction.files).filter(isPicture)
  const at = pictures.findIndex((picture) => fileKey(picture) === c.req.param('key'))
  if (at === -1) return null
  c.header('X-Robots-Tag', 'noindex')
  const view = <PicturePage {...{ prediction, pictures, at }} fit={'fit' in c.req.query()} />
  return page(c, { ...deps, paths }, view)
}

const types = ['text/html', 'application/json', 'text/markdown']

function linksOf(c: Context, deps: Deps, { prediction, paths }: Seen): PredictionLinks {
  const origin = originOf(c, deps)
  return {
    get: origin + paths.predictionJson(prediction.id),
    web: origin + paths.prediction(prediction.id),
    file: (file) => origin + paths.file(file),
    whole: ({ excerpt }) =>
      origin +
      (excerpt.form === 'text' ? paths.outputText(prediction.id) : paths.outputJson(prediction.id)),
  }
}

async function textIn(prediction: Prediction, deps: Deps): Promise<string | null> {
  if (prediction.excerpt && !isSettled(prediction)) return null
  return textOf(prediction, await outputSchema(prediction, deps))
}

async function outputSchema({ model, version }: Prediction, { store }: Deps) {
  const found = await store.findVersion(model, version)
  return (found?.schema ?? unknownSchema).output
}

function sendPrediction(c: Context, deps: Deps, seen: Seen): Response {
  return sendInertJson(c, predictionJson(seen.prediction, linksOf(c, deps, seen)))
}

async function sendMarkdown(c: Context, deps: Deps, seen: Seen): Promise<Response> {
  const json = predictionJson(seen.prediction, linksOf(c, deps, seen))
  return sendInertText(
    c,
    'text/markdown',
    predictionMarkdown(json, await textIn(seen.prediction, deps)),
  )
}
