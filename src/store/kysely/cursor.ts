/** Where a page of a list that is ordered by time begins: after this row. */
export interface Cursor {
  readonly createdAt: number
  readonly id: string
}

export function formatCursor({ createdAt, id }: Cursor): string {
  return `${createdAt}-${id}`
}

/** Null for a text that is no cursor. */
export function parseCursor(text: string): Cursor | null {
  const [createdAt, id] = text.split('-')
  return createdAt && id && /^\d{1,15}$/.test(createdAt)
    ? { createdAt: Number(createdAt), id }
    : null
}
