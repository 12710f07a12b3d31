import { createHash } from 'node:crypto'
import type { Context } from 'hono'
import type { Deps } from '../../deps.ts'
import { FileNotKept } from '../../domain/file/file-not-kept.ts'
import { type FormName, type FormTexts, formNames } from '../../domain/model/edit-texts.ts'
import { coverFile, mostCoverBytes } from '../files/cover-file.ts'
import { type SentFile, storeUpload } from '../files/store-upload.ts'
import { viewerOf } from '../request/viewer.ts'
import { readParts } from './form-body.ts'

export interface AccessTexts {
  readonly grantee: string
  readonly may: string
}

/** The form that edits a model, as a browser sent it. */
export interface SentEdit {
  /** What was typed; a field that was not sent stays as it is saved. */
  readonly texts: Partial<FormTexts>
  /** Who is to be given access, as typed, and for what. */
  readonly access: AccessTexts
  /** The pressed button; null for Save. */
  readonly pressed: string | null
  /** Whether the page that was sent showed this text when it was opened. */
  readonly seen: (name: FormName, text: string) => boolean
  /** The marks of what it showed. */
  readonly marks: string
  /** Why the upload is no cover; null when it is one, or there is none. */
  readonly refused: string | null
}

/** Reads the form, and stores its cover. Throws `BadForm`. */
export async function readEdit(c: Context, deps: Deps): Promise<SentEdit> {
  const fields = new Map<string, string>()
  let uploaded: string | null = null
  let refused: string | null = null
  await readParts(c, {
    field: (name, text) => void fields.set(name, text),
    async file(_name, fileName, content) {
      const kept = await keepCover(deps, { content, name: fileName, account: viewerOf(c, deps).id })
      if ('sentence' in kept) refused = kept.sentence
      else uploaded = kept.ref
    },
  })
  // Browsers send line ends as those of Windows.
  const texts = Object.fromEntries(
    formNames.flatMap((name) => {
      const text = fields.get(name)
      return text === undefined ? [] : [[name, text.replace(/\r\n?/g, '\n')]]
    }),
  )
  const marks = fields.get('seen') ?? ''
  const marked = marks.split(' ')
  const known = new Map(formNames.map((name, index) => [name, marked[index]]))
  return {
    texts: uploaded === null ? texts : { ...texts, cover: uploaded },
    access: { grantee: fields.get('grantee') ?? '', may: fields.get('may') ?? 'run' },
    pressed: fields.get('press') ?? null,
    seen: (name, text) => known.get(name) === markOf(text),
    marks,
    refused,
  }
}

const tooLarge = `Choose a picture of at most ${mostCoverBytes >> 20} MB.`
const notSaved = {
  'no space': 'The server has no room for this picture.',
  unreachable: 'The server cannot reach its files. Try again in a moment.',
}
const noPicture = 'Choose a picture as PNG, JPEG, WebP, AVIF or GIF. This file is none of them.'

async function keepCover(deps: Deps, sent: SentFile) {
  try {
    const upload = await storeUpload(deps, sent, mostCoverBytes)
    return (await coverFile(deps, upload, sent.account)) ?? { sentence: noPicture }
  } catch (error) {
    if (!(error instanceof FileNotKept)) throw error
    return { sentence: error.reason === 'too large' ? tooLarge : notSaved[error.reason] }
  }
}

/** Short marks of texts, by which a form tells later whether they have changed. */
export function marksOf(texts: FormTexts): string {
  return formNames.map((name) => markOf(texts[name])).join(' ')
}

function markOf(text: string): string {
  return createHash('sha256').update(text).digest('base64url').slice(0, 12)
}
