/** The public side of a class: what a stand-in for it has to offer. */
export type Public<T> = { [Name in keyof T]: T[Name] };
