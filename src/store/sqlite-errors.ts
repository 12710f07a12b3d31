/** The primary result code of an error of `node:sqlite`; 0 for any other error. */
export function sqliteCode(error: unknown): number {
  return error instanceof Error && 'errcode' in error ? Number(error.errcode) & 0xff : 0
}

export const sqliteFull = 13

/** The file is damaged, or no database. */
export const sqliteDamaged = [11, 26]

/** Another process locks the database, or a table of it. */
export const sqliteBusy = [5, 6]
