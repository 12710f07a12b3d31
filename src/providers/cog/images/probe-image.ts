import { imageName, isImageName } from '../../../domain/model/addresses/image-name.ts'
import type { Engines, FoundImage } from '../../../engine/engines.ts'
import { foundOne } from '../../model-sources.ts'
import type { Probed } from '../../provider.ts'
import { readJson } from '../../upstream/document.ts'
import { describeImage } from './image-models.ts'
import { type ImageVersion, sourceOfImages } from './image-source.ts'
import { readLabels } from './labels.ts'
import { gigabytes } from './wait-progress.ts'

/** The largest schemas of an image that are kept with its model, as UTF-16 units of JSON. */
const mostSchemaUnits = 2 ** 20

/** Looks for the model in an image that a text names, at the engine and at its registry; null for another text. */
export async function probeImage(
  text: string,
  { engines, now }: { readonly engines: Engines | null; readonly now: number },
): Promise<Probed | null> {
  const name = imageName(text)
  if (!name || !isImageName(text)) return null
  if (!engines)
    return {
      kind: 'other',
      sentence: `${text} may be a container image. This server has no container engine: set SANDPIT_ENGINE.`,
      isAway: false,
    }
  const [engine = ''] = engines.names
  const found = await engines.find(name, engine)
  if (found.kind !== 'image') return { kind: 'refused', sentence: found.sentence }
  const version = await versionOf(found.image, text.trim(), now)
  if ('sentence' in version) return { kind: 'refused', sentence: version.sentence }
  const ref = { owner: ownerOf(name.repository), name: lastPart(name.repository) }
  return foundOne(
    { title: 'Container image', address: null, facts: factsOf(found.image, version) },
    {
      model: describeImage(ref, version),
      keepsName: null,
      source: sourceOfImages([version], version.image),
      versions: [],
      warmth: 'cold',
      health: { since: null, note: null, logs: '' },
    },
  )
}

/** What it takes to run an image, each in a few words. */
function factsOf(
  { size, isHere }: FoundImage,
  { gpu, slots, cogVersion }: ImageVersion,
): readonly string[] {
  const sized = size > 0 ? `${gigabytes(size)}, ` : ''
  return [
    gpu ? 'needs a GPU' : 'needs no GPU',
    slots === 1 ? 'one run at a time in a container' : `${slots} runs at once in a container`,
    ...(cogVersion === null ? [] : [`Cog ${cogVersion}`]),
    `${sized}${isHere ? 'here already' : 'pulled for the first run'}`,
  ]
}

async function versionOf(
  { id, name, labels }: FoundImage,
  named: string,
  addedAt: number,
): Promise<ImageVersion | { readonly sentence: string }> {
  const labeled = await readLabels(labels, async (text) => {
    const read = await readJson(text)
    return read.kind === 'read' ? read.json : undefined
  })
  if (!labeled) return { sentence: noSchema }
  const { title: _, schemas, ...model } = labeled
  if (JSON.stringify(schemas).length > mostSchemaUnits)
    return { sentence: 'The schema of this image is larger than 1 MB.' }
  return { ...model, schemas, named, name, image: id, addedAt }
}

const noSchema =
  'This image has no label with the schema of a model. Build it with `cog build`, which writes one.'

/** `ann` of `ann/video`; the owner of images without one is `images`. */
function ownerOf(repository: string): string {
  const parts = repository.split('/')
  return (parts.length > 1 ? parts.at(-2) : undefined) ?? 'images'
}

function lastPart(repository: string): string {
  return repository.split('/').at(-1) ?? repository
}
