import { formatJson, type JsonObject } from '../json/json.ts'
import { modelName } from '../model-ref.ts'
import type { Prediction } from '../prediction/prediction.ts'
import { seedOf } from '../prediction/seed.ts'
import { madeFiles } from '../prediction/summary.ts'

/** What a citation says besides the prediction. */
export interface Cited {
  readonly prediction: Prediction
  /** The address of its page, with scheme and host. */
  readonly address: string
  /** SHA-256 of its record, in hex. */
  readonly sha256: string
  /** When it was made: `2026-03-14`. */
  readonly day: string
}

/** An entry for BibTeX. */
export function bibTex({ prediction, address, sha256, day }: Cited): string {
  const { id, model, version } = prediction
  const [year = '', month = ''] = day.split('-')
  const seed = seedOf(prediction)
  const notes = [
    `Prediction ${id}`,
    `version ${version}`,
    ...(seed === null ? [] : [`seed ${seed}`]),
    `SHA-256 of its record ${sha256}`,
  ]
  const members = [
    ['title', `A prediction of ${escaped(modelName(model))}`],
    ['year', year],
    ['month', String(Number(month))],
    ['howpublished', `\\url{${address}}`],
    ['note', notes.join(', ')],
  ]
  return `@misc{sandpit-${id.slice(0, 8)},\n${members
    .map(([name, text]) => `  ${name} = {${text}},\n`)
    .join('')}}\n`
}

/** The signs that TeX reads as its own. */
function escaped(text: string): string {
  return text.replace(/[_&%$#]/g, (sign) => `\\${sign}`)
}

/** Linked data in the words of schema.org. */
export function linkedData({ prediction, address, sha256, day }: Cited): JsonObject {
  const { id, model, version } = prediction
  return {
    '@context': 'https://schema.org',
    '@type': 'CreativeWork',
    '@id': address,
    identifier: [id, `sha256:${sha256}`],
    name: `A prediction of ${modelName(model)}`,
    dateCreated: day,
    isBasedOn: {
      '@type': 'SoftwareApplication',
      name: modelName(model),
      softwareVersion: version,
    },
    associatedMedia: madeFiles(prediction).map((file) => ({
      '@type': 'MediaObject',
      name: file.name,
      encodingFormat: file.type,
      contentSize: String(file.size),
      sha256: file.sha256,
    })),
  }
}

/** Linked data as the content of a script element, which `</script>` within a name does not end. */
export function linkedDataText(cited: Cited): string {
  return formatJson(linkedData(cited)).replaceAll('<', '\\u003c')
}
