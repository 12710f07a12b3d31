import { z } from '@hono/zod-openapi'
import { isoTime } from '../../../../views/format.tsx'
import { type Upload, uploadLifeMs } from '../../../domain/file/upload.ts'
import { isId } from '../../../domain/id.ts'
import type { JsonObject } from '../../../domain/json/json.ts'
import { auditEntry } from '../../request/audit.ts'
import { originOf } from '../../request/page.tsx'
import type { ApiDeps } from '../api-deps.ts'
import { pageJson, pageLength } from '../paging.ts'
import { notFound, sendProblem } from '../problem.ts'
import { type Api, type ApiContext, answers, sendJson, serve } from '../route.ts'
import { cursorQuery, fileSchema, pageOf } from '../schemas.ts'
import { readUpload } from './uploading.ts'

export const noFile = notFound('The requested file does not exist')
const idParams = z.object({ file_id: z.string() })

/** Files that programs upload, to name them in inputs. */
export function fileRoutes(api: Api, deps: ApiDeps): void {
  uploading(api, deps)
  lookUps(api, deps)
  deletion(api, deps)
}

function uploading(api: Api, deps: ApiDeps): void {
  serve(
    api,
    {
      method: 'post',
      path: '/v1/files',
      operationId: 'files.create',
      summary: 'Upload a file',
      description: `Files are deleted after ${uploadLifeMs / 3_600_000} hours, unless a prediction uses them.`,
      request: {
        body: { required: true, content: { 'multipart/form-data': { schema: formSchema } } },
      },
      responses: { 201: answers('The file', fileSchema) },
    },
    async (c) => {
      const read = await readUpload(c, deps)
      if (!read.ok) return sendProblem(c, read.problem)
      return sendJson(c, fileJson(c, deps, read.upload), 201)
    },
  )
}

function lookUps(api: Api, deps: ApiDeps): void {
  const { store } = deps
  serve(
    api,
    {
      method: 'get',
      path: '/v1/files',
      operationId: 'files.list',
      summary: 'List uploaded files, newest first',
      request: { query: cursorQuery },
      responses: { 200: answers('One page of files', pageOf(fileSchema)) },
    },
    async (c, { query }) => {
      const { uploads, next } = await store.uploads(
        c.get('account'),
        pageLength,
        query.cursor ?? null,
      )
      const results = uploads.map((upload) => fileJson(c, deps, upload))
      return sendJson(c, pageJson(c, deps, results, next))
    },
  )
  serve(
    api,
    {
      method: 'get',
      path: '/v1/files/{file_id}',
      operationId: 'files.get',
      summary: 'Get a file’s details',
      request: { params: idParams },
      responses: { 200: answers('The file', fileSchema) },
    },
    async (c, { params }) => {
      const upload = await findOwn(c, deps, params.file_id)
      return upload ? sendJson(c, fileJson(c, deps, upload)) : sendProblem(c, noFile)
    },
  )
}

function deletion(api: Api, deps: ApiDeps): void {
  const { store, now } = deps
  serve(
    api,
    {
      method: 'delete',
      path: '/v1/files/{file_id}',
      operationId: 'files.delete',
      summary: 'Delete a file',
      description: 'Predictions that use the file keep it.',
      request: { params: idParams },
      responses: { 204: { description: 'Deleted' } },
    },
    async (c, { params: { file_id } }) => {
      const entry = auditEntry(c, deps, 'file deleted', `files/${file_id}`)
      const own = await findOwn(c, deps, file_id)
      const removed = own && (await store.recording(entry).removeUpload(file_id, now()))
      return removed ? c.body(null, 204) : sendProblem(c, noFile)
    },
  )
}

/** An upload of the account for which a request acts. */
async function findOwn(c: ApiContext, { store }: ApiDeps, id: string): Promise<Upload | null> {
  const upload = isId(id) ? await store.findUpload(id) : null
  return upload?.owner === c.get('account') ? upload : null
}

function fileJson(c: ApiContext, deps: ApiDeps, { file, metadata, createdAt }: Upload): JsonObject {
  const { ref, name, type, size, sha256 } = file
  return {
    id: ref,
    name,
    content_type: type,
    size,
    etag: sha256,
    checksums: { sha256 },
    metadata,
    created_at: isoTime(createdAt),
    expires_at: isoTime(createdAt + uploadLifeMs),
    urls: { get: originOf(c, deps) + deps.paths.apiFile(ref) },
  }
}

const formSchema = z.object({
  content: z.string().openapi({ type: 'string', format: 'binary' }),
  filename: z.string().max(255).optional(),
  metadata: z.record(z.string(), z.unknown()).optional(),
})
