/** A part of a snippet, and what it is to a reader: a keyword, a string or number, a comment, or none of these. */
export interface CodePart {
  readonly kind: 'plain' | 'word' | 'value' | 'note'
  readonly text: string
}

/** Text with its parts told apart. */
export type Code = readonly CodePart[]

export const word = (text: string): Code => [{ kind: 'word', text }]
export const value = (text: string): Code => [{ kind: 'value', text }]
export const note = (text: string): Code => [{ kind: 'note', text }]

/** Code with other code in it; what stands between is plain. */
export function code(texts: TemplateStringsArray, ...parts: readonly (Code | string)[]): Code {
  return texts.flatMap((text, index) => {
    const part = parts[index] ?? []
    return [...plain(text), ...(typeof part === 'string' ? plain(part) : part)]
  })
}

/** Code with the same between each two of it. */
export function joined(all: readonly Code[], between: string): Code {
  return all.flatMap((one, index) => (index === 0 ? one : [...plain(between), ...one]))
}

export function codeText(all: Code): string {
  return all.map(({ text }) => text).join('')
}

function plain(text: string): Code {
  return text === '' ? [] : [{ kind: 'plain', text }]
}
