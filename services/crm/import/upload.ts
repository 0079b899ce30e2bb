import { rm } from 'node:fs/promises'
import type { FastifyRequest } from 'fastify'
import type { MultipartFile } from '@fastify/multipart'
import type { z } from 'zod'
import type { ImportId } from '@loopline/vocabulary/ids'
import { crmError } from '../errors.ts'
import type { ImportDeps } from './import-deps.ts'
import { uploadPath } from './run-import.ts'
import { SealedFile } from './sealed-file.ts'

/** Pieces in which an upload is sealed; small ones from the network are gathered first. */
const CHUNK_BYTES = 64 * 1024
const PARTS = { fields: 1, files: 1, fieldSize: 100_000 }

export interface Upload {
  fileName: string
  fileBytes: number
  /** The field `options`, parsed as JSON; undefined when it was not sent. */
  options: unknown
}

/**
 * Reads `file` and `options` of a multipart request in whatever order they come, the file straight into a sealed file on
 * disk. What was stored is removed again when anything is wrong. @throws IMPORT_FILE_MISSING · IMPORT_FILE_TOO_LARGE · …
 */
export async function receiveUpload(deps: ImportDeps, request: FastifyRequest, importId: ImportId): Promise<Upload> {
  let options: unknown
  let file: { fileName: string; fileBytes: number } | null = null
  try {
    for await (const part of request.parts({ limits: { ...PARTS, fileSize: deps.fileBytesMax } })) {
      if (part.type === 'file') file = { fileName: nameOf(part.filename), fileBytes: await storeFile(deps, part, importId) }
      else if (part.fieldname === 'options') options = parsedOptions(part.value)
    }
    if (!file) throw crmError('IMPORT_FILE_MISSING')
    return { ...file, options }
  } catch (error) {
    await rm(uploadPath(deps.dataDir, importId), { force: true })
    throw (error as { code?: string }).code === 'FST_INVALID_MULTIPART_CONTENT_TYPE' ? crmError('IMPORT_FILE_MISSING') : error
  }
}

/** Shown to people later: no path, no control characters. */
function nameOf(given: string): string {
  return (given.split(/[\\/]/).at(-1) ?? '').replaceAll(/\p{Cc}/gu, '').slice(0, 200) || 'import.csv'
}

function parsedOptions(value: unknown): unknown {
  try {
    return JSON.parse(String(value))
  } catch {
    throw crmError('IMPORT_OPTIONS_INVALID', { issues: [{ path: '', message: 'not JSON' }] })
  }
}

async function storeFile(deps: ImportDeps, part: MultipartFile, importId: ImportId): Promise<number> {
  const file = await SealedFile.create(uploadPath(deps.dataDir, importId), deps.keys, importId)
  let bytes = 0
  try {
    let waiting: Buffer[] = []
    let waitingBytes = 0
    for await (const piece of part.file as AsyncIterable<Buffer>) {
      bytes += piece.length
      waiting.push(piece)
      waitingBytes += piece.length
      if (waitingBytes < CHUNK_BYTES) continue
      await file.append(Buffer.concat(waiting))
      waiting = []
      waitingBytes = 0
    }
    if (waitingBytes > 0) await file.append(Buffer.concat(waiting))
    await file.sync()
  } finally {
    await file.close()
  }
  if (part.file.truncated) throw crmError('IMPORT_FILE_TOO_LARGE', { bytesMax: deps.fileBytesMax })
  return bytes
}

/** The options in their documented form. @throws IMPORT_OPTIONS_INVALID naming the fields. */
export function readOptions<Schema extends z.ZodType>(schema: Schema, options: unknown): z.infer<Schema> {
  const parsed = schema.safeParse(options ?? {})
  if (!parsed.success) throw crmError('IMPORT_OPTIONS_INVALID', { issues: parsed.error.issues.map(({ path, message }) => ({ path: path.join('/'), message })) })
  return parsed.data
}
