declare const brand: unique symbol;

/** A primitive that only its parser can make, so that a checked value and an unchecked one never mix. */
export type Brand<T, Name extends string> = T & { readonly [brand]: Name };
