/** Why a backup was not made or not restored. Nothing that was there before has been changed. */
export class BackupError extends Error {
  override readonly name = 'BackupError'
  readonly code:
    /** The folder for the backup has something in it, or the one to restore from is none. */
    | 'BACKUP_FOLDER_UNUSABLE'
    /** No keys: a backup is sealed with the installation's own, and holds none. */
    | 'BACKUP_KEYS_MISSING'
    /** The keys at hand are not those it was sealed with. */
    | 'BACKUP_KEYS_DIFFER'
    /** Bytes of it are missing or were changed. */
    | 'BACKUP_DAMAGED'
    /** It was made by a newer version of the product. */
    | 'BACKUP_NEWER'
    /** The database to restore into has been used. */
    | 'RESTORE_TARGET_IN_USE'
  constructor(code: BackupError['code'], message: string, cause?: unknown) {
    super(message, { cause })
    this.code = code
  }
}
