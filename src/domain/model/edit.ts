import { extensionOf } from '../file/extensions.ts'
import type { StoredFile } from '../file/file.ts'
import type { ModelRef } from '../model-ref.ts'
import { type Model, type ModelLinks, unpresented } from './model.ts'

/** The changes of operators to how a model presents itself, on a page or through the API. */
export interface ModelEdit {
  readonly ref: ModelRef
  readonly fields: EditedFields
  /** Counts the changes, from 1; 0 for a model that was never edited. */
  readonly revision: number
  /** Milliseconds since 1970. */
  readonly updatedAt: number
  /** Id of the viewer who made the last change. */
  readonly updatedBy: string
}

/** Null: as the model says. */
export interface EditedFields {
  readonly description: string | null
  /** Markdown. Empty for none, as are the links. */
  readonly readme: string | null
  readonly github: string | null
  readonly paper: string | null
  readonly license: string | null
  readonly cover: EditedCover | null
  readonly tags: readonly string[] | null
  readonly visibility: Model['visibility'] | null
  /** Id of a prediction. */
  readonly defaultExample: string | null
  readonly countsAs: Model['countsAs'] | null
}

/** A picture in our store, or one elsewhere that a program named: pages do not load that. */
export type EditedCover = { readonly file: StoredFile } | { readonly url: string }

export const noFields: EditedFields = {
  description: null,
  readme: null,
  github: null,
  paper: null,
  license: null,
  cover: null,
  tags: null,
  visibility: null,
  defaultExample: null,
  countsAs: null,
}

/** How a model presents itself. */
export type Presentation = Pick<
  Model,
  'description' | 'readme' | 'cover' | keyof typeof unpresented
>

/** Of a model that says nothing of itself. */
export const noPresentation: Presentation = {
  description: '',
  readme: null,
  cover: null,
  ...unpresented,
}

/** The model as its provider knows it, with its edits. */
export function withEdit<Presented extends Presentation>(
  model: Presented,
  edit: ModelEdit | null,
): Presented {
  if (!edit) return model
  const { fields } = edit
  const readme = fields.readme ?? model.readme
  return {
    ...model,
    description: fields.description ?? model.description,
    readme: readme === '' ? null : readme,
    links: editedLinks(model.links, fields),
    cover: coverNameOf(fields) ?? model.cover,
    externalCover: fields.cover && 'url' in fields.cover ? fields.cover.url : model.externalCover,
    tags: fields.tags ?? model.tags,
    visibility: fields.visibility ?? model.visibility,
    defaultExample: fields.defaultExample ?? model.defaultExample,
    countsAs: fields.countsAs ?? model.countsAs,
  }
}

function editedLinks(links: ModelLinks, { github, paper, license }: EditedFields): ModelLinks {
  const chosen = (edited: string | null, own: string | null) => (edited ?? own) || null
  return {
    github: chosen(github, links.github),
    paper: chosen(paper, links.paper),
    license: chosen(license, links.license),
  }
}

/**
 * The name of an edited cover among the files of its model. It changes with the picture, so that no
 * browser shows an old one. Null when the cover was not edited, or is elsewhere.
 */
export function coverNameOf({ cover }: Pick<EditedFields, 'cover'>): string | null {
  if (!cover || !('file' in cover)) return null
  const { sha256, type } = cover.file
  return `cover-${sha256.slice(0, 16)}.${extensionOf(type)}`
}
