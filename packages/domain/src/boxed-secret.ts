/** A secret that has to be had back: encrypted under a key of the installation. */
export interface BoxedSecret {
  /** Names the key, says nothing of it. */
  readonly keyId: string;
  readonly box: string;
  /** Tells it from others. */
  readonly fingerprint: string;
}
