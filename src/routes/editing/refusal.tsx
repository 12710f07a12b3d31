import type { Context } from 'hono'
import { MessagePage } from '../../../views/pages/message-page.tsx'
import type { Deps } from '../../deps.ts'
import type { ModelRef } from '../../domain/model-ref.ts'
import { page } from '../request/page.tsx'

/** Says who edits a model, to those who do not. */
export function refuseEditing(c: Context, deps: Deps, { owner }: ModelRef) {
  const text = `Members of ${owner} and operators edit this model.`
  return page(c, deps, <MessagePage title='This page is for others' text={text} />, 403)
}
