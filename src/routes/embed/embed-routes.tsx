import { type Context, Hono, type Next } from 'hono'
import { cors } from 'hono/cors'
import type { Child } from 'hono/jsx'
import { EmbedPage } from '../../../views/embed/embed-page.tsx'
import { EmbedPanel } from '../../../views/embed/embed-panel.tsx'
import { Refresh } from '../../../views/panel/prediction-panel.tsx'
import type { Deps } from '../../deps.ts'
import type { Model } from '../../domain/model/model.ts'
import { modelName } from '../../domain/model-ref.ts'
import { isSettled, type Prediction } from '../../domain/prediction/prediction.ts'
import { sendFile } from '../files/content.ts'
import { findFile } from '../files/find-file.ts'
import { sendInertText } from '../files/output-content.ts'
import { openForm } from '../forms/open-form.ts'
import { routesUnder, typeAsked } from '../outputs.tsx'
import { type Panels, refreshSeconds } from '../panels/panels.ts'
import { fragment, originOf, pathOf } from '../request/page.tsx'
import { usableModels } from '../request/usable-models.ts'
import { createFindExample } from '../workspace/example.ts'
import {
  asksForFragment,
  readableHeaders,
  sendEmbedPage,
  sendRefusal,
  withLook,
} from './embed-answers.tsx'
import { type Embed, embedInPath, refused } from './embed-in-path.ts'
import { drawEmbedForm } from './embedded-form.tsx'
import { embeddedView, findEmbedded, isMadeBy, viewBy } from './embedded-predictions.tsx'
import { runEmbedded } from './run.tsx'

/** A cancel is answered when the run has ended, or after this. */
const cancelWaitMs = 300

type Handler = (c: Context, embed: Embed) => Response | Promise<Response>

/** Models inside pages of other origins: framed, or as fragments. */
export function embedRoutes(deps: Deps, panels: Panels) {
  /** Answers for the embed in the path, or says why there is none. */
  const forEmbed = (handler: Handler) => async (c: Context, next: Next) => {
    const found = await embedInPath(c, deps)
    // In a tab of its own, it is a page as any other that asks for a sign-in.
    if (found.is === 'refused' && found.elsewhere && isWholeTab(c)) return next()
    if (found.is === 'refused') return sendRefusal(c, deps, found)
    c.set('sender', found.viewer)
    return handler(c, found)
  }
  const { frame, form, result, panel, cancel, file, logs } = handlers(deps, panels)
  const run = forEmbed((c, embed) => runEmbedded(c, deps, panels, embed))

  const routes = crossing(new Hono(), deps)
    // A token in the wrong place.
    .get('/embed/:token', (c) => sendRefusal(c, deps, refused.missing))
    .get('/embed/s/:token', forEmbed(frame))
    .get('/embed/s/:token/form', forEmbed(form))
    .post('/embed/s/:token/predictions', run)
  for (const root of ['/embed/s/:token', '/embed']) {
    const at = `${root}/p/:id`
    routes
      .get(at, (c, next) => (typeAsked(c) === 'text/html' ? forEmbed(result)(c, next) : next()))
      .get(`${at}/panel`, forEmbed(panel))
      .post(`${at}/cancellation`, forEmbed(cancel))
      .get(`${at}/logs.txt`, forEmbed(logs))
      .get(`${root}/files/:ref/:name`, forEmbed(file))
  }
  return routes
    .get('/embed/:owner/:name', (c, next) =>
      ['s', 'p'].includes(c.req.param('owner')) ? next() : forEmbed(frame)(c, next),
    )
    .get('/embed/:owner/:name/form', forEmbed(form))
    .post('/embed/:owner/:name/predictions', run)
}

/** The outputs of predictions that were made inside other pages, routed after `embedRoutes`. */
export function embedOutputRoutes(deps: Deps) {
  const made = async (c: Context) => {
    const found = await embedInPath(c, deps)
    if (found.is === 'refused') return null
    const prediction = await findEmbedded(deps, found, c.req.param('id') ?? '')
    return prediction && { prediction, paths: found.paths }
  }
  const routes = new Hono()
  for (const root of ['/embed/s/:token', '/embed'])
    routes.route('/', routesUnder(`${root}/p/:id`, deps, made))
  return routes
}

/** Lets pages of the allowed origins read the answers, and show the files. */
function crossing(routes: Hono, { config }: Deps): Hono {
  const known = (origin: string) => (config.embedOrigins.includes(origin) ? origin : null)
  return routes
    .use('/embed/*', cors({ ...crossOrigin, origin: known }))
    .use('/embed/*', async (c, next) => {
      await next()
      c.header('Cross-Origin-Resource-Policy', 'cross-origin')
    })
}

/** No cookies: `credentials` stays off. Headers that htmx sends are allowed as they are asked for. */
const crossOrigin = {
  allowMethods: ['GET', 'POST'],
  exposeHeaders: readableHeaders,
  maxAge: 600,
}

/** Whether a browser asks for a page, and not for a frame or a fragment. */
function isWholeTab(c: Context): boolean {
  return c.req.method === 'GET' && c.req.header('Sec-Fetch-Dest') === 'document'
}

function handlers(deps: Deps, panels: Panels) {
  const { runner, files } = deps
  const predictionOf = (c: Context, embed: Embed) =>
    findEmbedded(deps, embed, c.req.param('id') ?? '')

  /** The model, in a version that can be run. */
  const withModel =
    (handler: (c: Context, embed: Embed, model: Model) => Promise<Response>): Handler =>
    async (c, embed) => {
      const model = await usableModels(deps, embed.viewer, embed.model).findSoon(embed.model)
      return model ? handler(c, embed, model) : sendRefusal(c, deps, refused.noModel(embed.model))
    }

  return {
    frame: (c: Context, embed: Embed) => {
      const { shared } = embed
      if (shared) {
        const here = embed.paths.prediction(shared.id)
        return sendResult(c, deps, panels, embed, { prediction: shared, here })
      }
      return withModel((_c, _embed, model) => sendFrame(c, deps, panels, embed, model))(c, embed)
    },
    result: async (c: Context, embed: Embed) => {
      const prediction = await predictionOf(c, embed)
      if (!prediction) return sendRefusal(c, deps, refused.noPrediction)
      const [here = ''] = (originOf(c, deps) + pathOf(c, deps)).split('?')
      return sendResult(c, deps, panels, embed, { prediction, here })
    },
    form: withModel(async (c, embed, model) => {
      const drawn = await drawOpened(c, deps, embed, model)
      return drawn
        ? fragment(c, { ...deps, paths: embed.paths }, drawn)
        : sendRefusal(c, deps, refused.noForm)
    }),
    panel: async (c: Context, embed: Embed) => {
      const prediction = await predictionOf(c, embed)
      if (!prediction) return sendRefusal(c, deps, refused.noPrediction)
      return panels.answer(c, prediction, embeddedView(c, deps, embed, prediction))
    },
    cancel: async (c: Context, embed: Embed) => {
      const prediction = await predictionOf(c, embed)
      if (!prediction || !isMadeBy(embed, prediction))
        return sendRefusal(c, deps, refused.noPrediction)
      runner.cancel(prediction.id).catch((error) => deps.log.error({ error }, 'A cancel failed'))
      const after = (await runner.settledWithin(prediction.id, cancelWaitMs)) ?? prediction
      if (!asksForFragment(c)) return c.redirect(embed.paths.prediction(prediction.id), 303)
      return panels.answer(c, after, embeddedView(c, deps, embed, prediction))
    },
    file: async (c: Context, embed: Embed) => {
      const ref = c.req.param('ref') ?? ''
      const file = embed.shared
        ? embed.shared.files.find((one) => one.ref === ref)
        : await findFile(ref, deps, embed.viewer)
      return file ? sendFile(c, files, file) : sendRefusal(c, deps, refused.noPrediction)
    },
    logs: async (c: Context, embed: Embed) => {
      const prediction = await predictionOf(c, embed)
      return prediction
        ? sendInertText(c, 'text/plain', prediction.logs)
        : sendRefusal(c, deps, refused.noPrediction)
    },
  }
}

/** The form as it opens, with the inputs in the query; null where there is none. */
async function drawOpened(c: Context, deps: Deps, embed: Embed, model: Model) {
  if (embed.shows === 'result' || model.broken !== null) return null
  const { theme: _, accent: __, prediction, from: ___, ...query } = c.req.queries()
  const [id = ''] = prediction ?? []
  const own = (await findEmbedded(deps, embed, id)) ? { ...query, prediction: [id] } : query
  const form = await openForm(c, deps, model, embed.viewer, own)
  return drawEmbedForm(c, deps, embed, model, { status: 200, form }, 'opened')
}

/** The page for a frame: the form, and the prediction that its address names. */
async function sendFrame(c: Context, deps: Deps, panels: Panels, embed: Embed, model: Model) {
  const named = await findEmbedded(deps, embed, c.req.query('prediction') ?? '')
  const example = embed.shows === 'result' ? await createFindExample(deps)(model) : null
  const prediction = named ?? example
  const form = await drawOpened(c, deps, embed, model)
  if (prediction) {
    const here = embed.paths.prediction(prediction.id)
    return sendResult(c, deps, panels, embed, { prediction, form, here })
  }
  return sendEmbedPage(c, deps, {
    ...embed,
    title: modelName(model.ref),
    content: <EmbedPage model={model.ref} form={form} />,
    status: 200,
  })
}

interface ShownResult {
  readonly prediction: Prediction
  /** The form above it; left out where it stands alone. */
  readonly form?: Child
  /** The address of the page. */
  readonly here: string
}

/** The page for a frame with a prediction, alone or below its form. */
async function sendResult(
  c: Context,
  deps: Deps,
  panels: Panels,
  embed: Embed,
  { prediction, form, here }: ShownResult,
) {
  const { model } = prediction
  const panel = await panels.props(c, prediction, viewBy(embed, prediction))
  const seconds = refreshSeconds(panel)
  return sendEmbedPage(c, deps, {
    ...embed,
    title: form ? modelName(model) : `Made with ${model.name}`,
    content: <EmbedPage model={model} form={form} result={<EmbedPanel {...panel} />} />,
    head: isSettled(prediction) ? null : <Refresh here={withLook(c, here)} seconds={seconds} />,
    status: 200,
  })
}
