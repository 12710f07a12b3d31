import { raw } from 'hono/html'
import type { Model } from '../../src/domain/model/model.ts'
import { modelName } from '../../src/domain/model-ref.ts'
import { useSite } from '../site.ts'
import { coverAddress } from './cover.tsx'

const mostUnits = 300

/** The data of a model's page for link previews and search engines. */
export function ModelMeta({ model }: { model: Model }) {
  const { paths, origin } = useSite()
  if (model.visibility === 'private') return null
  const name = modelName(model.ref)
  const description = model.description.slice(0, mostUnits).toWellFormed()
  const url = origin + paths.model(model.ref)
  const image = hasRaster(model) ? origin + coverAddress(paths, model) : null
  const data = {
    '@context': 'https://schema.org',
    '@type': 'SoftwareApplication',
    name,
    description,
    url,
    applicationCategory: 'AI model',
    author: { '@type': 'Organization', name: model.ref.owner },
    ...(image === null ? {} : { image }),
    ...(model.links.license === null ? {} : { license: model.links.license }),
  }
  return (
    <>
      <meta name='description' content={description} />
      <meta property='og:type' content='website' />
      <meta property='og:site_name' content='Sandpit' />
      <meta property='og:title' content={name} />
      <meta property='og:description' content={description} />
      <meta property='og:url' content={url} />
      {image !== null && <meta property='og:image' content={image} />}
      <meta name='twitter:card' content={image === null ? 'summary' : 'summary_large_image'} />
      <link rel='alternate' type='text/markdown' href={paths.modelText(model.ref)} />
      {raw(`<script type="application/ld+json">${scriptJson(data)}</script>`)}
    </>
  )
}

/** Previews of links show no SVG, which all drawn patterns are. */
function hasRaster({ cover, defaultExample, exampleOutput }: Model): boolean {
  if (cover !== null) return !cover.toLowerCase().endsWith('.svg')
  return defaultExample !== null || (exampleOutput?.files ?? []).some(({ width }) => width)
}

/** JSON in which nothing ends the script around it. */
function scriptJson(data: object): string {
  return JSON.stringify(data).replaceAll('<', '\\u003c')
}
