/** A blueprint's property, as far as the simulator checks values against it. */
export type PropertySchema = {
  readonly type: string;
  readonly format?: string | undefined;
  readonly enum?: readonly unknown[] | undefined;
  readonly items?: Partial<PropertySchema> | undefined;
  readonly pattern?: string | undefined;
  readonly minLength?: number | undefined;
  readonly maxLength?: number | undefined;
  readonly minimum?: number | undefined;
  readonly maximum?: number | undefined;
  readonly minItems?: number | undefined;
  readonly maxItems?: number | undefined;
  readonly [key: string]: unknown;
};

export type RelationSchema = {
  readonly target: string;
  readonly required?: boolean | undefined;
  readonly many?: boolean | undefined;
  readonly [key: string]: unknown;
};

/** A blueprint as its JSON file or an API call has it; what the simulator does not look at is kept as it is. */
export type Blueprint = {
  readonly identifier: string;
  readonly title: string;
  readonly schema: {
    readonly properties: Readonly<Record<string, PropertySchema>>;
    readonly required?: readonly string[] | undefined;
  };
  readonly relations?: Readonly<Record<string, RelationSchema>> | undefined;
  readonly [key: string]: unknown;
};

export type Properties = Readonly<Record<string, unknown>>;
export type Relations = Readonly<Record<string, string | readonly string[] | null>>;

/** An entity as it is handed in, already known to have the route's shape. */
export type EntityInput = {
  readonly identifier: string;
  readonly title?: string | null;
  readonly icon?: string | null;
  readonly team?: string | readonly string[] | null;
  readonly properties?: Properties;
  readonly relations?: Relations;
};

/** An entity as Port shows it. Dates are ISO strings. */
export type Entity = {
  readonly identifier: string;
  readonly blueprint?: string;
  readonly title?: string;
  readonly icon?: string;
  readonly team?: readonly string[];
  readonly properties: Properties;
  readonly relations: Relations;
  readonly createdAt?: string;
  readonly updatedAt?: string;
};

/** One change of one entity. Without a `userAgent` it was made by hand (`put`, `remove`). */
export type Write = {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly action: "create" | "update" | "delete";
  readonly blueprint: string;
  readonly identifier: string;
  readonly before: Entity | undefined;
  readonly after: Entity | undefined;
  /** It was made, empty, only because something relates to it. */
  readonly bare: boolean;
  readonly userAgent: string | undefined;
};
