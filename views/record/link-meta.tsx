import { type ModelRef, modelName } from '../../src/domain/model-ref.ts'
import { usePaths } from '../site.ts'

export interface LinkMetaProps {
  readonly model: ModelRef
  /** The absolute address of the page. */
  readonly address: string
  /** The inputs in one line. */
  readonly summary: string
  /** The absolute address of a picture; null when there is none. */
  readonly picture: string | null
  /** The video or sound that it made, with its absolute address; null when there is none. */
  readonly media: LinkedMedia | null
}

export interface LinkedMedia {
  readonly kind: 'video' | 'audio'
  readonly type: string
  readonly address: string
}

/** Open Graph data and oEmbed of the page of a prediction that anyone may see, for previews of its link. */
export function LinkMeta({ model, address, summary, picture, media }: LinkMetaProps) {
  const title = `Made with ${modelName(model)}`
  const oEmbed = new URL(usePaths().oEmbed(address), address).href
  return (
    <>
      <meta property='og:type' content={media?.kind === 'video' ? 'video.other' : 'article'} />
      <meta property='og:site_name' content='Sandpit' />
      <meta property='og:title' content={title} />
      <meta property='og:description' content={summary} />
      <meta property='og:url' content={address} />
      {picture !== null && <meta property='og:image' content={picture} />}
      {media && <Media {...media} />}
      <meta name='twitter:card' content={picture === null ? 'summary' : 'summary_large_image'} />
      <link rel='alternate' type='application/json+oembed' href={oEmbed} title={title} />
    </>
  )
}

function Media({ kind, type, address }: LinkedMedia) {
  return (
    <>
      <meta property={`og:${kind}`} content={address} />
      {address.startsWith('https:') && (
        <meta property={`og:${kind}:secure_url`} content={address} />
      )}
      <meta property={`og:${kind}:type`} content={type} />
    </>
  )
}
