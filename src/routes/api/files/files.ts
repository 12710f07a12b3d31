import { createHmac, timingSafeEqual } from 'node:crypto'
import { z } from '@hono/zod-openapi'
import type { Deps } from '../../../deps.ts'
import type { StoredFile } from '../../../domain/file/file.ts'
import { type Upload, uploadLifeMs } from '../../../domain/file/upload.ts'
import { isId } from '../../../domain/id.ts'
import type { JsonObject } from '../../../domain/json/json.ts'
import { webhookSecret } from '../../../webhooks/secret.ts'
import { sendFile } from '../../files/content.ts'
import { filesInLargeOutput, largeOutputJson, largeOutputOf } from '../../files/large-output.ts'
import { sendInertStream } from '../../files/output-content.ts'
import { originOf } from '../../request/page.tsx'
import { usernameOf, viewerNamed } from '../account.ts'
import { pageJson, pageLength } from '../paging.ts'
import { contentAddress } from '../predictions/prediction-answer.ts'
import { notFound, sendProblem } from '../problem.ts'
import { isProof } from '../proof.ts'
import { type Api, type ApiContext, answers, sendJson, serve } from '../route.ts'
import { cursorQuery, fileSchema, pageOf } from '../schemas.ts'
import { readUpload } from './uploading.ts'

const noFile = notFound('The requested file does not exist')
const idParams = z.object({ file_id: z.string() })

/** Files that programs upload, to name them in inputs. */
export function fileRoutes(api: Api, deps: Deps): void {
  uploading(api, deps)
  lookUps(api, deps)
  deletion(api, deps)
}

function uploading(api: Api, deps: Deps): void {
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

function lookUps(api: Api, deps: Deps): void {
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
      const { uploads, next } = await store.uploads(pageLength, query.cursor ?? null)
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
      const upload = isId(params.file_id) ? await store.findUpload(params.file_id) : null
      return upload ? sendJson(c, fileJson(c, deps, upload)) : sendProblem(c, noFile)
    },
  )
}

function deletion(api: Api, { store, now }: Deps): void {
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
      const removed = isId(file_id) && (await store.removeUpload(file_id, now()))
      return removed ? c.body(null, 204) : sendProblem(c, noFile)
    },
  )
}

/** Files by addresses that need no token, because we gave them out or their owner signed them. */
export function contentRoutes(api: Api, deps: Deps): void {
  const { store, files, key, now } = deps
  api.get('/v1/files/:file_id/download', async (c) => {
    const { owner = '', expiry = '', signature = '' } = c.req.query()
    const ref = c.req.param('file_id')
    const upload = isId(ref) ? await store.findUpload(ref) : null
    const isRight = upload && isSigned(deps, owner, `${owner} ${ref} ${expiry}`, signature)
    const isLate = !/^\d{1,12}$/.test(expiry) || Number(expiry) * 1000 < now()
    if (!isRight || isLate || usernameOf({ id: upload.owner }) !== owner)
      return sendProblem(c, noFile)
    return sendFile(c, files, upload.file)
  })
  api.get('/v1/files/:file_id/content/:proof/:name', async (c) => {
    const { file_id: ref, proof } = c.req.param()
    const found =
      isId(ref) && isProof(key, 'content', ref, proof) ? await store.findFile(ref) : null
    if (!found) return sendProblem(c, noFile)
    return (await sendWhole(c, deps, found)) ?? sendFile(c, files, found.file)
  })
}

/** An output that is a file and refers to others has their addresses in it; null for any other file. */
async function sendWhole(
  c: ApiContext,
  deps: Deps,
  { file, prediction: id }: { file: StoredFile; prediction: string | null },
): Promise<Response | null> {
  if (id === null || file.name !== 'output.json') return null
  const prediction = await deps.runner.find(id)
  const whole = prediction && largeOutputOf(prediction)
  if (!prediction || whole?.file.ref !== file.ref) return null
  if (filesInLargeOutput(prediction).length === 0) return null
  const address = (one: StoredFile) => contentAddress(deps, originOf(c, deps), one)
  const json = await largeOutputJson(deps.files, whole, prediction, address)
  return sendInertStream(c, 'application/json', json)
}

/** Signed with what signs the owner's webhooks, as its base64 says it. */
function isSigned({ key }: Deps, owner: string, text: string, signature: string): boolean {
  const secret = webhookSecret(key, viewerNamed(owner)).replace(/^whsec_/, '')
  const right = createHmac('sha256', Buffer.from(secret, 'base64')).update(text).digest()
  const claimed = Buffer.from(signature, 'base64')
  return right.length === claimed.length && timingSafeEqual(right, claimed)
}

function fileJson(c: ApiContext, deps: Deps, { file, metadata, createdAt }: Upload): JsonObject {
  const { ref, name, type, size, sha256 } = file
  return {
    id: ref,
    name,
    content_type: type,
    size,
    etag: sha256,
    checksums: { sha256 },
    metadata,
    created_at: new Date(createdAt).toISOString(),
    expires_at: new Date(createdAt + uploadLifeMs).toISOString(),
    urls: { get: originOf(c, deps) + deps.paths.apiFile(ref) },
  }
}

const formSchema = z.object({
  content: z.string().openapi({ type: 'string', format: 'binary' }),
  filename: z.string().max(255).optional(),
  metadata: z.record(z.string(), z.unknown()).optional(),
})
