import { webUrl } from '../address.ts'
import { choiceNames } from '../instance/choice-texts.ts'
import { countsAsText, plainLine, readCountsAs } from './counts-as.ts'
import { type EditedCover, type EditedFields, noFields, type Presentation } from './edit.ts'

export const editNames = [
  'description',
  'readme',
  'github',
  'paper',
  'license',
  'cover',
  'tags',
  'example',
  'visibility',
  'countsAs',
] as const
export type EditName = (typeof editNames)[number]

/** How a model presents itself, as texts. */
export type EditTexts = Readonly<Record<EditName, string>>
export type EditErrors = Partial<Readonly<Record<EditName, string>>>

/** All fields of the page that edits a model: its instances and how long its data is kept, too. */
export const formNames = [...editNames, ...choiceNames, 'retention'] as const
export type FormName = (typeof formNames)[number]
export type FormTexts = Readonly<Record<FormName, string>>
export type FormErrors = Partial<FormTexts>

const most = { description: 2_000, readme: 100_000, tags: 8, tag: 30, countsAs: 4_000 }

/**
 * The texts of a model with these edits, as a browser sends them back when nothing is changed. The
 * cover is the reference of its file.
 */
export function editTexts(own: Presentation, fields: EditedFields): EditTexts {
  const { links, readme, tags, visibility } = own
  return plainTexts({
    description: fields.description ?? own.description,
    readme: fields.readme ?? readme ?? '',
    github: fields.github ?? links.github ?? '',
    paper: fields.paper ?? links.paper ?? '',
    license: fields.license ?? links.license ?? '',
    cover: coverText(fields.cover),
    tags: (fields.tags ?? tags).join(', '),
    example: fields.defaultExample ?? '',
    visibility: fields.visibility ?? visibility,
    countsAs: countsAsText(fields.countsAs ?? own.countsAs),
  })
}

function coverText(cover: EditedCover | null): string {
  if (!cover) return ''
  return 'file' in cover ? cover.file.ref : cover.url
}

/** The edits that texts make of a model. A text that is the model's own is no edit. */
export function readEditTexts(
  own: Presentation,
  texts: EditTexts,
  cover: EditedCover | null,
): EditedFields {
  const unedited = editTexts(own, noFields)
  const edited = (name: EditName) => (texts[name] === unedited[name] ? null : texts[name])
  return {
    description: edited('description'),
    readme: edited('readme'),
    github: edited('github'),
    paper: edited('paper'),
    license: edited('license'),
    cover,
    tags: edited('tags') === null ? null : tagsIn(texts.tags),
    visibility: edited('visibility') === null ? null : visibilityIn(texts),
    defaultExample: edited('example'),
    countsAs: edited('countsAs') === null ? null : readCountsAs(texts.countsAs),
  }
}

/** Texts as they are kept: with the line ends of Unix, without space around what is one line. */
export function plainTexts<Texts extends EditTexts>(texts: Texts): Texts {
  const trimmed = Object.entries(texts).map(([name, text]) => [
    name,
    text.replace(/\r\n?/g, '\n').trim(),
  ])
  const tags = tagsIn(texts.tags).join(', ')
  return {
    ...texts,
    ...Object.fromEntries(trimmed),
    readme: texts.readme.replace(/\r\n?/g, '\n'),
    tags,
    visibility: visibilityIn(texts),
    countsAs: texts.countsAs.split('\n').map(plainLine).filter(Boolean).join('\n'),
  }
}

function visibilityIn({ visibility }: EditTexts): Presentation['visibility'] {
  return visibility === 'private' ? 'private' : 'public'
}

/** The tags in a text, each once. */
function tagsIn(text: string): string[] {
  const tags = text.split(/[,\n]/).map((tag) => tag.trim().replace(/\s+/g, ' '))
  return [...new Map(tags.filter(Boolean).map((tag) => [tag.toLowerCase(), tag])).values()]
}

/** The errors of the texts that are not as they were before, each as a sentence. */
export function editErrors(texts: EditTexts, before: EditTexts): EditErrors {
  const errors = Object.entries(errorsIn(texts))
  return Object.fromEntries(
    errors.filter(([name]) => editNames.some((one) => one === name && texts[one] !== before[one])),
  )
}

function errorsIn(texts: EditTexts): EditErrors {
  const tags = tagsIn(texts.tags)
  const long = tags.find((tag) => tag.length > most.tag)
  return {
    ...tooLong(texts, 'description', most.description),
    ...tooLong(texts, 'readme', most.readme),
    ...tooLong(texts, 'countsAs', most.countsAs),
    ...linkError(texts, 'github'),
    ...linkError(texts, 'paper'),
    ...linkError(texts, 'license'),
    ...(tags.length > most.tags ? { tags: `Enter at most ${most.tags} tags.` } : {}),
    ...(long === undefined
      ? {}
      : { tags: `Shorten “${long.slice(0, 40)}” to at most ${most.tag} characters.` }),
  }
}

function tooLong(texts: EditTexts, name: EditName, limit: number): EditErrors {
  if (texts[name].length <= limit) return {}
  return { [name]: `Shorten this to at most ${limit.toLocaleString('en-GB')} characters.` }
}

function linkError(texts: EditTexts, name: EditName): EditErrors {
  if (texts[name] === '' || webUrl(texts[name])) return {}
  return { [name]: 'Enter a URL that begins with https:// or http://.' }
}

/**
 * Joins what two people changed since one of them opened the page. `seen` marks the texts that this
 * one saw; a text that they did not change is taken as it is now. `conflicts`: changed by both.
 */
export function joinedTexts(
  typed: FormTexts,
  now: FormTexts,
  seen: (name: FormName, text: string) => boolean,
): { readonly texts: FormTexts; readonly conflicts: readonly FormName[] } {
  const mine = formNames.filter((name) => !seen(name, typed[name]))
  const conflicts = mine.filter((name) => !seen(name, now[name]) && typed[name] !== now[name])
  const changed = mine.map((name) => [name, typed[name]])
  return { texts: { ...now, ...Object.fromEntries(changed) }, conflicts }
}
