/** Whether a `Prefer` header asks for what has become of the resource (RFC 7240, 4.2). */
export function prefersRepresentation(prefer: string | string[] | undefined): boolean {
  return [prefer]
    .flat()
    .flatMap((header) => header?.split(/[,;]/) ?? [])
    .some((preference) => /^\s*return\s*=\s*("?)representation\1\s*$/i.test(preference));
}
