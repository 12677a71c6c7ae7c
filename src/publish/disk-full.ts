import { UserError } from '../errors.ts'

/** What the file system or the engine says when nothing more fits, as an error of the user's; any other error as it is. */
export function diskFull(error: unknown): unknown {
  if (error instanceof UserError || !(error instanceof Error)) return error
  const code = (error as NodeJS.ErrnoException).code ?? ''
  const full = ['ENOSPC', 'EDQUOT', 'EFBIG'].includes(code) || /No space left on device|Disk quota exceeded|File too large/i.test(error.message)
  return full ? new UserError('disk-full', { value: `${error.message.split('\n')[0]}.` }) : error
}
