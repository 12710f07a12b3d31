import { createHmac } from 'node:crypto'
import type { StoredFile } from '../../../domain/file/file.ts'
import { isId } from '../../../domain/id.ts'
import { webhookSecret } from '../../../webhooks/secret.ts'
import { sendFile } from '../../files/content.ts'
import { filesInLargeOutput, largeOutputJson, largeOutputOf } from '../../files/large-output.ts'
import { sendInertStream } from '../../files/output-content.ts'
import { equalBytes } from '../../request/constant-time.ts'
import { originOf } from '../../request/page.tsx'
import type { ApiDeps } from '../api-deps.ts'
import { contentAddress } from '../predictions/prediction-answer.ts'
import { sendProblem } from '../problem.ts'
import { isContentProof } from '../proof.ts'
import type { Api, ApiContext } from '../route.ts'
import { noFile } from './files.ts'

/** Files at addresses that need no token: we gave them out, or the owner signed them. */
export function contentRoutes(api: Api, deps: ApiDeps): void {
  const { store, files, key, now } = deps
  api.get('/v1/files/:file_id/download', async (c) => {
    const { owner = '', expiry = '', signature = '' } = c.req.query()
    const ref = c.req.param('file_id')
    const upload = isId(ref) ? await store.findUpload(ref) : null
    const text = `${owner} ${ref} ${expiry}`
    const isRight = upload && isSigned(deps, upload.owner, text, signature)
    const isLate = !/^\d{1,12}$/.test(expiry) || Number(expiry) * 1000 < now()
    if (!isRight || isLate) return sendProblem(c, noFile)
    return sendFile(c, files, upload.file)
  })
  api.get('/v1/files/:file_id/content/:proof/:name', async (c) => {
    const { file_id: ref, proof } = c.req.param()
    const found =
      isId(ref) && isContentProof(key, ref, proof, now()) ? await store.findFile(ref) : null
    if (!found) return sendProblem(c, noFile)
    return (await sendWhole(c, deps, found)) ?? sendFile(c, files, found.file)
  })
}

/** A large output with the addresses of the files that it refers to; null for any other file. */
async function sendWhole(
  c: ApiContext,
  deps: ApiDeps,
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

/** Whether a text is signed with the key, in base64, of an account’s webhooks. */
function isSigned({ key }: ApiDeps, account: string, text: string, signature: string): boolean {
  const secret = webhookSecret(key, account).replace(/^whsec_/, '')
  const right = createHmac('sha256', Buffer.from(secret, 'base64')).update(text).digest()
  return equalBytes(Buffer.from(signature, 'base64'), right)
}
