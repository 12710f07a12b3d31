import { type Context, Hono } from 'hono'
import { accepts } from 'hono/accepts'
import { PicturePage } from '../../views/pages/picture-page.tsx'
import type { Deps } from '../deps.ts'
import { fileKey, filesIn, givenInline, isPicture } from '../domain/output/output-file.ts'
import { pictureBefore } from '../domain/prediction/picture-before.ts'
import { inlineFiles, sendArchive, sendInline, sendSource } from './files/output-content.ts'
import {
  type SeenPrediction,
  sendMarkdown,
  sendOutputCsv,
  sendOutputJson,
  sendOutputText,
  sendPrediction,
} from './files/output-formats.ts'
import { findAllowed } from './people/looks.ts'
import { page } from './request/page.tsx'
import { pathBefore } from './request/path-before.ts'
import { viewerOf } from './request/viewer.ts'
import { shareInPath } from './shares/share-in-path.ts'

type Find = (c: Context) => Promise<SeenPrediction | null>

/** Null: there is no such thing of this prediction. */
type Answer = (c: Context, deps: Deps, seen: SeenPrediction) => MaybeResponse
type MaybeResponse = Promise<Response | null> | Response | null

/** The output and the files of a prediction, for viewers who may see it. */
export function outputRoutes(deps: Deps) {
  return routesUnder('/p/:id', deps, async (c) => {
    const viewer = viewerOf(c, deps)
    const prediction = await findAllowed(c, deps, viewer, c.req.param('id') ?? '')
    return prediction && { prediction, paths: deps.paths }
  })
}

/** The same below a share link, and of the predictions of a shared group. */
export function sharedOutputRoutes(deps: Deps) {
  const find: Find = async (c) => {
    const found = await shareInPath(c, deps)
    return found.is === 'open' ? found : null
  }
  return new Hono()
    .route('/', routesUnder('/s/:token', deps, find))
    .route('/', routesUnder('/s/:token/p/:id', deps, find))
}

/** The same below an address. `find`: the prediction in the path; null when there is none for the sender. */
export function routesUnder(at: string, deps: Deps, find: Find) {
  /** Sends the answer; 404 when there is no prediction, or the answer is null. */
  const sending = (answer: Answer) => async (c: Context) => {
    const seen = await find(c)
    return (seen && (await answer(c, deps, seen))) ?? c.notFound()
  }

  return new Hono()
    .get(at, async (c, next) => {
      c.header('Vary', 'Accept', { append: true })
      const type = typeAsked(c)
      const seen = type === 'text/html' ? null : await find(c)
      if (!seen) return next()
      return type === 'text/markdown' ? sendMarkdown(c, deps, seen) : sendPrediction(c, deps, seen)
    })
    .get(`${at}/prediction.json`, sending(sendPrediction))
    .get(`${at}/output.txt`, sending(sendOutputText))
    .get(`${at}/output.json`, sending(sendOutputJson))
    .get(`${at}/output.csv`, sending(sendOutputCsv))
    .get(`${at}/files.zip`, sending(sendFiles))
    .get(`${at}/pictures/:key`, sending(picturePage))
    .get(`${at}/sources/:ref`, sending(sendFileSource))
    .get(`${at}/inline/:inline/:name`, sending(sendOutputFile))
    .get(`${at}/given/:inline/:name`, sending(sendInputFile))
}

/** The page of a prediction is HTML; programs and assistants may ask for it as one of the others. */
const types = ['text/html', 'application/json', 'text/markdown']

export function typeAsked(c: Context): string {
  return accepts(c, { header: 'Accept', supports: types, default: 'text/html' })
}

function sendFiles(c: Context, { files }: Deps, { prediction }: SeenPrediction): MaybeResponse {
  return sendArchive(c, files, prediction)
}

/** A picture in full size, with links to the others of its prediction. */
async function picturePage(c: Context, deps: Deps, { prediction, paths }: SeenPrediction) {
  const pictures = filesIn(prediction.output, prediction.files).filter(isPicture)
  const at = pictures.findIndex((picture) => fileKey(picture) === c.req.param('key'))
  if (at === -1) return null
  c.header('X-Robots-Tag', 'noindex')
  const query = c.req.query()
  const workspace = deps.paths.workspace(prediction.model, prediction.id)
  const isShared = paths !== deps.paths
  const inWorkspace = !isShared && ('workspace' in query || pathBefore(c) === workspace)
  const [picture] = pictures.slice(at)
  const before = 'beside' in query && picture ? pictureBefore(prediction, picture) : null
  return page(
    c,
    { ...deps, paths },
    <PicturePage {...{ prediction, pictures, at, before, inWorkspace }} fit={'fit' in query} />,
  )
}

/** A file as plain text. */
function sendFileSource(c: Context, { files }: Deps, { prediction }: SeenPrediction) {
  const file = prediction.files.find(({ ref }) => ref === c.req.param('ref'))
  return file ? sendSource(c, files, file) : null
}

/** A file that the output holds as a data URI, by its number. */
function sendOutputFile(c: Context, _deps: Deps, { prediction }: SeenPrediction) {
  const file = inlineFiles(prediction)[Number(c.req.param('inline'))]
  return file ? sendInline(c, file) : null
}

/** A file that the input holds as a data URI, by its number. */
function sendInputFile(c: Context, _deps: Deps, { prediction }: SeenPrediction) {
  const file = [...givenInline(prediction.input).values()][Number(c.req.param('inline'))]
  return file ? sendInline(c, file) : null
}
