export interface paths {
    "/api/auth/sign-in/username": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        username: string;
                        password: string;
                        rememberMe?: boolean;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @enum {boolean} */
                            done: true;
                        };
                    };
                };
                /** @description Refused, with a code */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            error: {
                                code: string;
                                message: string;
                                /** @enum {unknown} */
                                retry: "never" | "after-change" | "later";
                                details?: unknown;
                                requestId: string;
                            };
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/auth/sign-out": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @enum {boolean} */
                            done: true;
                        };
                    };
                };
                /** @description Refused, with a code */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            error: {
                                code: string;
                                message: string;
                                /** @enum {unknown} */
                                retry: "never" | "after-change" | "later";
                                details?: unknown;
                                requestId: string;
                            };
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/auth/change-password": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        currentPassword: string;
                        newPassword: string;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @enum {boolean} */
                            done: true;
                        };
                    };
                };
                /** @description Refused, with a code */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            error: {
                                code: string;
                                message: string;
                                /** @enum {unknown} */
                                retry: "never" | "after-change" | "later";
                                details?: unknown;
                                requestId: string;
                            };
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/hub/setup": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        token: string;
                        username: string;
                        name: string;
                        password: string;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @enum {boolean} */
                            done: true;
                        };
                    };
                };
                /** @description Refused, with a code */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            error: {
                                code: string;
                                message: string;
                                /** @enum {unknown} */
                                retry: "never" | "after-change" | "later";
                                details?: unknown;
                                requestId: string;
                            };
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/hub/me": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            userId: string;
                            name: string;
                            /** @enum {string} */
                            role: "admin" | "supervisor" | "agent" | "auditor";
                            teamId: string | null;
                            can: {
                                [key: string]: "own" | "team" | "all";
                            };
                        };
                    };
                };
                /** @description Refused, with a code */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            error: {
                                code: string;
                                message: string;
                                /** @enum {unknown} */
                                retry: "never" | "after-change" | "later";
                                details?: unknown;
                                requestId: string;
                            };
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/hub/users": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            items: {
                                userId: string;
                                version: number;
                                name: string;
                                username: string;
                                role: string;
                                teamId: string | null;
                                teamName: string | null;
                                skills: string[];
                                active: boolean;
                            }[];
                        };
                    };
                };
                /** @description Refused, with a code */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            error: {
                                code: string;
                                message: string;
                                /** @enum {unknown} */
                                retry: "never" | "after-change" | "later";
                                details?: unknown;
                                requestId: string;
                            };
                        };
                    };
                };
            };
        };
        put?: never;
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        name: string;
                        /** @enum {string} */
                        role: "admin" | "supervisor" | "agent" | "auditor";
                        teamName: string | null;
                        skills: string[];
                        username: string;
                        password: string;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            userId: string;
                            version: number;
                            name: string;
                            username: string;
                            role: string;
                            teamId: string | null;
                            teamName: string | null;
                            skills: string[];
                            active: boolean;
                        };
                    };
                };
                /** @description Refused, with a code */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            error: {
                                code: string;
                                message: string;
                                /** @enum {unknown} */
                                retry: "never" | "after-change" | "later";
                                details?: unknown;
                                requestId: string;
                            };
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/hub/users/{userId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    userId: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        name: string;
                        /** @enum {string} */
                        role: "admin" | "supervisor" | "agent" | "auditor";
                        teamName: string | null;
                        skills: string[];
                        version: number;
                        active: boolean;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            userId: string;
                            version: number;
                            name: string;
                            username: string;
                            role: string;
                            teamId: string | null;
                            teamName: string | null;
                            skills: string[];
                            active: boolean;
                        };
                    };
                };
                /** @description Refused, with a code */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            error: {
                                code: string;
                                message: string;
                                /** @enum {unknown} */
                                retry: "never" | "after-change" | "later";
                                details?: unknown;
                                requestId: string;
                            };
                        };
                    };
                };
            };
        };
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/hub/settings/callee-clock": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            version: number;
                            offsetMs: number;
                        };
                    };
                };
                /** @description Refused, with a code */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            error: {
                                code: string;
                                message: string;
                                /** @enum {unknown} */
                                retry: "never" | "after-change" | "later";
                                details?: unknown;
                                requestId: string;
                            };
                        };
                    };
                };
            };
        };
        put: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        version: number;
                        offsetMs: number;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            version: number;
                            offsetMs: number;
                        };
                    };
                };
                /** @description Refused, with a code */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            error: {
                                code: string;
                                message: string;
                                /** @enum {unknown} */
                                retry: "never" | "after-change" | "later";
                                details?: unknown;
                                requestId: string;
                            };
                        };
                    };
                };
            };
        };
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/hub/settings/company-name": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            version: number;
                            name: string;
                        };
                    };
                };
                /** @description Refused, with a code */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            error: {
                                code: string;
                                message: string;
                                /** @enum {unknown} */
                                retry: "never" | "after-change" | "later";
                                details?: unknown;
                                requestId: string;
                            };
                        };
                    };
                };
            };
        };
        put: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        version: number;
                        name: string;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            version: number;
                            name: string;
                        };
                    };
                };
                /** @description Refused, with a code */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            error: {
                                code: string;
                                message: string;
                                /** @enum {unknown} */
                                retry: "never" | "after-change" | "later";
                                details?: unknown;
                                requestId: string;
                            };
                        };
                    };
                };
            };
        };
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/hub/audit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: {
            parameters: {
                query?: {
                    cursor?: string;
                    limit?: number;
                    actorId?: string;
                    action?: string;
                    subject?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            items: {
                                day: string;
                                seq: number;
                                at: number;
                                actorId: string;
                                actorName: string;
                                role: string;
                                action: string;
                                subject: string;
                                details: unknown;
                                address: string;
                            }[];
                            next: string | null;
                            estimatedTotal?: number | null;
                        };
                    };
                };
                /** @description Refused, with a code */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            error: {
                                code: string;
                                message: string;
                                /** @enum {unknown} */
                                retry: "never" | "after-change" | "later";
                                details?: unknown;
                                requestId: string;
                            };
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/hub/audit/verify": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            rows: number;
                            checkpoints: number;
                            findings: string[];
                        };
                    };
                };
                /** @description Refused, with a code */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            error: {
                                code: string;
                                message: string;
                                /** @enum {unknown} */
                                retry: "never" | "after-change" | "later";
                                details?: unknown;
                                requestId: string;
                            };
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/crm/customers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: {
            parameters: {
                query?: {
                    cursor?: string;
                    limit?: number;
                    search?: string;
                    condition?: string;
                    view?: "all" | "mine" | "pool";
                    sort?: "updated" | "created" | "level" | "followUp";
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            items: {
                                /** Format: uuid */
                                customerId: string;
                                version: number;
                                name: string;
                                company: string | null;
                                /** @enum {string} */
                                level: "A" | "B" | "C" | "D";
                                /** @enum {string} */
                                status: "new" | "following" | "interested" | "won" | "lost" | "invalid";
                                ownerId: string | null;
                                teamId: string | null;
                                tags: string[];
                                region: string | null;
                                industry: string | null;
                                /** @enum {string} */
                                intent: "unknown" | "none" | "low" | "medium" | "high";
                                /** @enum {string} */
                                marketingConsent: "unknown" | "granted" | "refused";
                                /** @enum {string} */
                                recordingConsent: "unknown" | "granted" | "refused";
                                consents: {
                                    /** @enum {string} */
                                    purpose: "marketing" | "recording";
                                    /** @enum {string} */
                                    state: "unknown" | "granted" | "refused";
                                    source: string | null;
                                    at: string | null;
                                }[];
                                neverCall: boolean;
                                timeZone: string | null;
                                lastFollowUpAt: string | null;
                                followUpPausedUntil: string | null;
                                lastOutcome: ("connected" | "abandoned" | "no-answer" | "busy" | "rejected" | "invalid-number" | "suspended" | "powered-off" | "unreachable" | "machine" | "line-failed" | "cancelled" | "blocked" | "unknown") | null;
                                lastCalledAt: string | null;
                                noAnswerStreak: number;
                                rejectedCount: number;
                                attemptCount: number;
                                /** Format: date-time */
                                createdAt: string;
                                /** Format: date-time */
                                updatedAt: string;
                                sandbox: boolean;
                                phones: {
                                    /** Format: uuid */
                                    phoneId: string;
                                    position: number;
                                    masked: string;
                                    /** @enum {string} */
                                    state: "usable" | "invalid";
                                }[];
                            }[];
                            next: string | null;
                            estimatedTotal?: number | null;
                        };
                    };
                };
                /** @description Refused, with a code */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            error: {
                                code: string;
                                message: string;
                                /** @enum {unknown} */
                                retry: "never" | "after-change" | "later";
                                details?: unknown;
                                requestId: string;
                            };
                        };
                    };
                };
            };
        };
        put?: never;
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        name: string;
                        company?: string | null;
                        /** @enum {string} */
                        level?: "A" | "B" | "C" | "D";
                        /** @enum {string} */
                        status?: "new" | "following" | "interested" | "won" | "lost" | "invalid";
                        ownerId?: string | null;
                        tags?: string[];
                        region?: string | null;
                        industry?: string | null;
                        /** @enum {string} */
                        intent?: "unknown" | "none" | "low" | "medium" | "high";
                        neverCall?: boolean;
                        timeZone?: string | null;
                        followUpPausedUntil?: string | null;
                        marketingConsent?: {
                            /** @enum {string} */
                            state: "unknown" | "granted" | "refused";
                            source: string;
                            /** Format: date-time */
                            at: string;
                        };
                        recordingConsent?: {
                            /** @enum {string} */
                            state: "unknown" | "granted" | "refused";
                            source: string;
                            /** Format: date-time */
                            at: string;
                        };
                        phones: string[];
                    };
                };
            };
            responses: {
                /** @description Default Response */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** Format: uuid */
                            customerId: string;
                            version: number;
                            name: string;
                            company: string | null;
                            /** @enum {string} */
                            level: "A" | "B" | "C" | "D";
                            /** @enum {string} */
                            status: "new" | "following" | "interested" | "won" | "lost" | "invalid";
                            ownerId: string | null;
                            teamId: string | null;
                            tags: string[];
                            region: string | null;
                            industry: string | null;
                            /** @enum {string} */
                            intent: "unknown" | "none" | "low" | "medium" | "high";
                            /** @enum {string} */
                            marketingConsent: "unknown" | "granted" | "refused";
                            /** @enum {string} */
                            recordingConsent: "unknown" | "granted" | "refused";
                            consents: {
                                /** @enum {string} */
                                purpose: "marketing" | "recording";
                                /** @enum {string} */
                                state: "unknown" | "granted" | "refused";
                                source: string | null;
                                at: string | null;
                            }[];
                            neverCall: boolean;
                            timeZone: string | null;
                            lastFollowUpAt: string | null;
                            followUpPausedUntil: string | null;
                            lastOutcome: ("connected" | "abandoned" | "no-answer" | "busy" | "rejected" | "invalid-number" | "suspended" | "powered-off" | "unreachable" | "machine" | "line-failed" | "cancelled" | "blocked" | "unknown") | null;
                            lastCalledAt: string | null;
                            noAnswerStreak: number;
                            rejectedCount: number;
                            attemptCount: number;
                            /** Format: date-time */
                            createdAt: string;
                            /** Format: date-time */
                            updatedAt: string;
                            sandbox: boolean;
                            phones: {
                                /** Format: uuid */
                                phoneId: string;
                                position: number;
                                masked: string;
                                /** @enum {string} */
                                state: "usable" | "invalid";
                            }[];
                        };
                    };
                };
                /** @description Refused, with a code */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            error: {
                                code: string;
                                message: string;
                                /** @enum {unknown} */
                                retry: "never" | "after-change" | "later";
                                details?: unknown;
                                requestId: string;
                            };
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/crm/customers/{customerId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    customerId: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** Format: uuid */
                            customerId: string;
                            version: number;
                            name: string;
                            company: string | null;
                            /** @enum {string} */
                            level: "A" | "B" | "C" | "D";
                            /** @enum {string} */
                            status: "new" | "following" | "interested" | "won" | "lost" | "invalid";
                            ownerId: string | null;
                            teamId: string | null;
                            tags: string[];
                            region: string | null;
                            industry: string | null;
                            /** @enum {string} */
                            intent: "unknown" | "none" | "low" | "medium" | "high";
                            /** @enum {string} */
                            marketingConsent: "unknown" | "granted" | "refused";
                            /** @enum {string} */
                            recordingConsent: "unknown" | "granted" | "refused";
                            consents: {
                                /** @enum {string} */
                                purpose: "marketing" | "recording";
                                /** @enum {string} */
                                state: "unknown" | "granted" | "refused";
                                source: string | null;
                                at: string | null;
                            }[];
                            neverCall: boolean;
                            timeZone: string | null;
                            lastFollowUpAt: string | null;
                            followUpPausedUntil: string | null;
                            lastOutcome: ("connected" | "abandoned" | "no-answer" | "busy" | "rejected" | "invalid-number" | "suspended" | "powered-off" | "unreachable" | "machine" | "line-failed" | "cancelled" | "blocked" | "unknown") | null;
                            lastCalledAt: string | null;
                            noAnswerStreak: number;
                            rejectedCount: number;
                            attemptCount: number;
                            /** Format: date-time */
                            createdAt: string;
                            /** Format: date-time */
                            updatedAt: string;
                            sandbox: boolean;
                            phones: {
                                /** Format: uuid */
                                phoneId: string;
                                position: number;
                                masked: string;
                                /** @enum {string} */
                                state: "usable" | "invalid";
                            }[];
                        };
                    };
                };
                /** @description Refused, with a code */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            error: {
                                code: string;
                                message: string;
                                /** @enum {unknown} */
                                retry: "never" | "after-change" | "later";
                                details?: unknown;
                                requestId: string;
                            };
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    customerId: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        name?: string;
                        company?: string | null;
                        /** @enum {string} */
                        level?: "A" | "B" | "C" | "D";
                        /** @enum {string} */
                        status?: "new" | "following" | "interested" | "won" | "lost" | "invalid";
                        ownerId?: string | null;
                        tags?: string[];
                        region?: string | null;
                        industry?: string | null;
                        /** @enum {string} */
                        intent?: "unknown" | "none" | "low" | "medium" | "high";
                        neverCall?: boolean;
                        timeZone?: string | null;
                        followUpPausedUntil?: string | null;
                        marketingConsent?: {
                            /** @enum {string} */
                            state: "unknown" | "granted" | "refused";
                            source: string;
                            /** Format: date-time */
                            at: string;
                        };
                        recordingConsent?: {
                            /** @enum {string} */
                            state: "unknown" | "granted" | "refused";
                            source: string;
                            /** Format: date-time */
                            at: string;
                        };
                        version: number;
                        addPhones?: string[];
                        removePhones?: string[];
                    };
                };
            };
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** Format: uuid */
                            customerId: string;
                            version: number;
                            name: string;
                            company: string | null;
                            /** @enum {string} */
                            level: "A" | "B" | "C" | "D";
                            /** @enum {string} */
                            status: "new" | "following" | "interested" | "won" | "lost" | "invalid";
                            ownerId: string | null;
                            teamId: string | null;
                            tags: string[];
                            region: string | null;
                            industry: string | null;
                            /** @enum {string} */
                            intent: "unknown" | "none" | "low" | "medium" | "high";
                            /** @enum {string} */
                            marketingConsent: "unknown" | "granted" | "refused";
                            /** @enum {string} */
                            recordingConsent: "unknown" | "granted" | "refused";
                            consents: {
                                /** @enum {string} */
                                purpose: "marketing" | "recording";
                                /** @enum {string} */
                                state: "unknown" | "granted" | "refused";
                                source: string | null;
                                at: string | null;
                            }[];
                            neverCall: boolean;
                            timeZone: string | null;
                            lastFollowUpAt: string | null;
                            followUpPausedUntil: string | null;
                            lastOutcome: ("connected" | "abandoned" | "no-answer" | "busy" | "rejected" | "invalid-number" | "suspended" | "powered-off" | "unreachable" | "machine" | "line-failed" | "cancelled" | "blocked" | "unknown") | null;
                            lastCalledAt: string | null;
                            noAnswerStreak: number;
                            rejectedCount: number;
                            attemptCount: number;
                            /** Format: date-time */
                            createdAt: string;
                            /** Format: date-time */
                            updatedAt: string;
                            sandbox: boolean;
                            phones: {
                                /** Format: uuid */
                                phoneId: string;
                                position: number;
                                masked: string;
                                /** @enum {string} */
                                state: "usable" | "invalid";
                            }[];
                        };
                    };
                };
                /** @description Refused, with a code */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            error: {
                                code: string;
                                message: string;
                                /** @enum {unknown} */
                                retry: "never" | "after-change" | "later";
                                details?: unknown;
                                requestId: string;
                            };
                        };
                    };
                };
            };
        };
        trace?: never;
    };
    "/api/crm/customers/{customerId}/phones/{phoneId}/reveal": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    customerId: string;
                    phoneId: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            phone: string;
                        };
                    };
                };
                /** @description Refused, with a code */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            error: {
                                code: string;
                                message: string;
                                /** @enum {unknown} */
                                retry: "never" | "after-change" | "later";
                                details?: unknown;
                                requestId: string;
                            };
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/crm/customers/{customerId}/timeline": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: {
            parameters: {
                query?: {
                    cursor?: string;
                    limit?: number;
                };
                header?: never;
                path: {
                    customerId: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            items: {
                                /** Format: uuid */
                                id: string;
                                /** Format: date-time */
                                at: string;
                                /** @enum {string} */
                                kind: "call" | "follow-up" | "edit" | "created" | "imported" | "rule" | "consent" | "assigned";
                                actorId: string | null;
                                actorName: string | null;
                                body: {
                                    [key: string]: unknown;
                                };
                            }[];
                            next: string | null;
                            estimatedTotal?: number | null;
                        };
                    };
                };
                /** @description Refused, with a code */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            error: {
                                code: string;
                                message: string;
                                /** @enum {unknown} */
                                retry: "never" | "after-change" | "later";
                                details?: unknown;
                                requestId: string;
                            };
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/crm/customers/{customerId}/follow-ups": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    customerId: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        note: string;
                        /** @enum {string} */
                        intent?: "unknown" | "none" | "low" | "medium" | "high";
                    };
                };
            };
            responses: {
                /** @description Default Response */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** Format: uuid */
                            customerId: string;
                            version: number;
                            name: string;
                            company: string | null;
                            /** @enum {string} */
                            level: "A" | "B" | "C" | "D";
                            /** @enum {string} */
                            status: "new" | "following" | "interested" | "won" | "lost" | "invalid";
                            ownerId: string | null;
                            teamId: string | null;
                            tags: string[];
                            region: string | null;
                            industry: string | null;
                            /** @enum {string} */
                            intent: "unknown" | "none" | "low" | "medium" | "high";
                            /** @enum {string} */
                            marketingConsent: "unknown" | "granted" | "refused";
                            /** @enum {string} */
                            recordingConsent: "unknown" | "granted" | "refused";
                            consents: {
                                /** @enum {string} */
                                purpose: "marketing" | "recording";
                                /** @enum {string} */
                                state: "unknown" | "granted" | "refused";
                                source: string | null;
                                at: string | null;
                            }[];
                            neverCall: boolean;
                            timeZone: string | null;
                            lastFollowUpAt: string | null;
                            followUpPausedUntil: string | null;
                            lastOutcome: ("connected" | "abandoned" | "no-answer" | "busy" | "rejected" | "invalid-number" | "suspended" | "powered-off" | "unreachable" | "machine" | "line-failed" | "cancelled" | "blocked" | "unknown") | null;
                            lastCalledAt: string | null;
                            noAnswerStreak: number;
                            rejectedCount: number;
                            attemptCount: number;
                            /** Format: date-time */
                            createdAt: string;
                            /** Format: date-time */
                            updatedAt: string;
                            sandbox: boolean;
                            phones: {
                                /** Format: uuid */
                                phoneId: string;
                                position: number;
                                masked: string;
                                /** @enum {string} */
                                state: "usable" | "invalid";
                            }[];
                        };
                    };
                };
                /** @description Refused, with a code */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            error: {
                                code: string;
                                message: string;
                                /** @enum {unknown} */
                                retry: "never" | "after-change" | "later";
                                details?: unknown;
                                requestId: string;
                            };
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/crm/rules": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            version: number;
                            rules: {
                                /** Format: uuid */
                                id: string;
                                version: number;
                                key: string | null;
                                name: {
                                    zh: string;
                                    en: string;
                                };
                                sentence: {
                                    zh: string;
                                    en: string;
                                };
                                order: number;
                                enabled: boolean;
                                /** @enum {string} */
                                when: "before-dial" | "call-outcome" | "customer-changed" | "assignment";
                                condition: unknown;
                                actions: unknown[];
                                stop: boolean;
                            }[];
                            priorityByLevel: {
                                [key: string]: number;
                            };
                        };
                    };
                };
                /** @description Refused, with a code */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            error: {
                                code: string;
                                message: string;
                                /** @enum {unknown} */
                                retry: "never" | "after-change" | "later";
                                details?: unknown;
                                requestId: string;
                            };
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/crm/rules/mapping": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        version: number;
                        priorityByLevel: {
                            [key: string]: number;
                        };
                    };
                };
            };
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            version: number;
                            rules: {
                                /** Format: uuid */
                                id: string;
                                version: number;
                                key: string | null;
                                name: {
                                    zh: string;
                                    en: string;
                                };
                                sentence: {
                                    zh: string;
                                    en: string;
                                };
                                order: number;
                                enabled: boolean;
                                /** @enum {string} */
                                when: "before-dial" | "call-outcome" | "customer-changed" | "assignment";
                                condition: unknown;
                                actions: unknown[];
                                stop: boolean;
                            }[];
                            priorityByLevel: {
                                [key: string]: number;
                            };
                        };
                    };
                };
                /** @description Refused, with a code */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            error: {
                                code: string;
                                message: string;
                                /** @enum {unknown} */
                                retry: "never" | "after-change" | "later";
                                details?: unknown;
                                requestId: string;
                            };
                        };
                    };
                };
            };
        };
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/crm/rules/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        version: number;
                        enabled: boolean;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            version: number;
                            rules: {
                                /** Format: uuid */
                                id: string;
                                version: number;
                                key: string | null;
                                name: {
                                    zh: string;
                                    en: string;
                                };
                                sentence: {
                                    zh: string;
                                    en: string;
                                };
                                order: number;
                                enabled: boolean;
                                /** @enum {string} */
                                when: "before-dial" | "call-outcome" | "customer-changed" | "assignment";
                                condition: unknown;
                                actions: unknown[];
                                stop: boolean;
                            }[];
                            priorityByLevel: {
                                [key: string]: number;
                            };
                        };
                    };
                };
                /** @description Refused, with a code */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            error: {
                                code: string;
                                message: string;
                                /** @enum {unknown} */
                                retry: "never" | "after-change" | "later";
                                details?: unknown;
                                requestId: string;
                            };
                        };
                    };
                };
            };
        };
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/crm/imports/preview": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            columns: ("name" | "company" | "phone" | "phone2" | "phone3" | "level" | "status" | "tags" | "region" | "industry" | "intent" | "timeZone" | "owner" | "marketingConsent" | "recordingConsent" | "consentSource" | "consentAt" | "ignore")[];
                            hasHeader: boolean;
                            header: string[];
                            rows: string[][];
                            sampled: number;
                            callable: number;
                            notCallable: {
                                reason: string;
                                count: number;
                            }[];
                            errors: {
                                row: number;
                                code: string;
                                column: string | null;
                            }[];
                        };
                    };
                };
                /** @description Refused, with a code */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            error: {
                                code: string;
                                message: string;
                                /** @enum {unknown} */
                                retry: "never" | "after-change" | "later";
                                details?: unknown;
                                requestId: string;
                            };
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/crm/imports": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: {
            parameters: {
                query?: {
                    cursor?: string;
                    limit?: number;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            items: {
                                /** Format: uuid */
                                importId: string;
                                fileName: string;
                                /** @enum {string} */
                                state: "queued" | "running" | "done" | "failed";
                                rowsRead: number;
                                rowsTotalEstimate: number | null;
                                created: number;
                                updated: number;
                                skipped: number;
                                failed: number;
                                notCallable: number;
                                errorFile: boolean;
                                failure: string | null;
                                startedAt: string | null;
                                endedAt: string | null;
                                createdBy: string | null;
                            }[];
                            next: string | null;
                            estimatedTotal?: number | null;
                        };
                    };
                };
                /** @description Refused, with a code */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            error: {
                                code: string;
                                message: string;
                                /** @enum {unknown} */
                                retry: "never" | "after-change" | "later";
                                details?: unknown;
                                requestId: string;
                            };
                        };
                    };
                };
            };
        };
        put?: never;
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** Format: uuid */
                            importId: string;
                            fileName: string;
                            /** @enum {string} */
                            state: "queued" | "running" | "done" | "failed";
                            rowsRead: number;
                            rowsTotalEstimate: number | null;
                            created: number;
                            updated: number;
                            skipped: number;
                            failed: number;
                            notCallable: number;
                            errorFile: boolean;
                            failure: string | null;
                            startedAt: string | null;
                            endedAt: string | null;
                            createdBy: string | null;
                        };
                    };
                };
                /** @description Refused, with a code */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            error: {
                                code: string;
                                message: string;
                                /** @enum {unknown} */
                                retry: "never" | "after-change" | "later";
                                details?: unknown;
                                requestId: string;
                            };
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/crm/imports/{importId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    importId: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** Format: uuid */
                            importId: string;
                            fileName: string;
                            /** @enum {string} */
                            state: "queued" | "running" | "done" | "failed";
                            rowsRead: number;
                            rowsTotalEstimate: number | null;
                            created: number;
                            updated: number;
                            skipped: number;
                            failed: number;
                            notCallable: number;
                            errorFile: boolean;
                            failure: string | null;
                            startedAt: string | null;
                            endedAt: string | null;
                            createdBy: string | null;
                        };
                    };
                };
                /** @description Refused, with a code */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            error: {
                                code: string;
                                message: string;
                                /** @enum {unknown} */
                                retry: "never" | "after-change" | "later";
                                details?: unknown;
                                requestId: string;
                            };
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/dialer/campaigns": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: {
            parameters: {
                query?: {
                    cursor?: string;
                    limit?: number;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            items: {
                                name: string;
                                audience: unknown | null;
                                /** @default 5 */
                                ratePerSecond: number;
                                /** @default 50 */
                                maxConcurrent: number;
                                /**
                                 * @default {
                                 *       "from": 480,
                                 *       "to": 1260
                                 *     }
                                 */
                                hours: {
                                    from: number;
                                    to: number;
                                };
                                /** @default 3 */
                                attemptsPerPersonPerDay: number;
                                /** @default 30000 */
                                ringTimeMs: number;
                                /** @default 15000 */
                                hangUpAfterMs: number | null;
                                /** @default [] */
                                lineIds: string[];
                                retry: {
                                    /** @default 3 */
                                    maxAttempts: number;
                                    /**
                                     * @default {
                                     *       "busy": 10,
                                     *       "no-answer": 120,
                                     *       "rejected": 1440,
                                     *       "unreachable": 240,
                                     *       "powered-off": 240,
                                     *       "line-failed": 1
                                     *     }
                                     */
                                    afterMinutes: {
                                        [key: string]: number;
                                    };
                                };
                                /** @default false */
                                finishWhenEmpty: boolean;
                                /** Format: uuid */
                                campaignId: string;
                                version: number;
                                /** @enum {string} */
                                state: "draft" | "running" | "paused" | "stopped" | "finished";
                                createdAt: string;
                                startedAt: string | null;
                            }[];
                            next: string | null;
                            estimatedTotal?: number | null;
                        };
                    };
                };
                /** @description Refused, with a code */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            error: {
                                code: string;
                                message: string;
                                /** @enum {unknown} */
                                retry: "never" | "after-change" | "later";
                                details?: unknown;
                                requestId: string;
                            };
                        };
                    };
                };
            };
        };
        put?: never;
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        name: string;
                        audience: unknown | null;
                        /** @default 5 */
                        ratePerSecond?: number;
                        /** @default 50 */
                        maxConcurrent?: number;
                        /**
                         * @default {
                         *       "from": 480,
                         *       "to": 1260
                         *     }
                         */
                        hours?: {
                            from: number;
                            to: number;
                        };
                        /** @default 3 */
                        attemptsPerPersonPerDay?: number;
                        /** @default 30000 */
                        ringTimeMs?: number;
                        /** @default 15000 */
                        hangUpAfterMs?: number | null;
                        /** @default [] */
                        lineIds?: string[];
                        /** @default {} */
                        retry?: {
                            /** @default 3 */
                            maxAttempts?: number;
                            /**
                             * @default {
                             *       "busy": 10,
                             *       "no-answer": 120,
                             *       "rejected": 1440,
                             *       "unreachable": 240,
                             *       "powered-off": 240,
                             *       "line-failed": 1
                             *     }
                             */
                            afterMinutes?: {
                                [key: string]: number;
                            };
                        };
                        /** @default false */
                        finishWhenEmpty?: boolean;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            name: string;
                            audience: unknown | null;
                            /** @default 5 */
                            ratePerSecond: number;
                            /** @default 50 */
                            maxConcurrent: number;
                            /**
                             * @default {
                             *       "from": 480,
                             *       "to": 1260
                             *     }
                             */
                            hours: {
                                from: number;
                                to: number;
                            };
                            /** @default 3 */
                            attemptsPerPersonPerDay: number;
                            /** @default 30000 */
                            ringTimeMs: number;
                            /** @default 15000 */
                            hangUpAfterMs: number | null;
                            /** @default [] */
                            lineIds: string[];
                            retry: {
                                /** @default 3 */
                                maxAttempts: number;
                                /**
                                 * @default {
                                 *       "busy": 10,
                                 *       "no-answer": 120,
                                 *       "rejected": 1440,
                                 *       "unreachable": 240,
                                 *       "powered-off": 240,
                                 *       "line-failed": 1
                                 *     }
                                 */
                                afterMinutes: {
                                    [key: string]: number;
                                };
                            };
                            /** @default false */
                            finishWhenEmpty: boolean;
                            /** Format: uuid */
                            campaignId: string;
                            version: number;
                            /** @enum {string} */
                            state: "draft" | "running" | "paused" | "stopped" | "finished";
                            createdAt: string;
                            startedAt: string | null;
                        };
                    };
                };
                /** @description Refused, with a code */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            error: {
                                code: string;
                                message: string;
                                /** @enum {unknown} */
                                retry: "never" | "after-change" | "later";
                                details?: unknown;
                                requestId: string;
                            };
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/dialer/campaigns/{campaignId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    campaignId: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            name: string;
                            audience: unknown | null;
                            /** @default 5 */
                            ratePerSecond: number;
                            /** @default 50 */
                            maxConcurrent: number;
                            /**
                             * @default {
                             *       "from": 480,
                             *       "to": 1260
                             *     }
                             */
                            hours: {
                                from: number;
                                to: number;
                            };
                            /** @default 3 */
                            attemptsPerPersonPerDay: number;
                            /** @default 30000 */
                            ringTimeMs: number;
                            /** @default 15000 */
                            hangUpAfterMs: number | null;
                            /** @default [] */
                            lineIds: string[];
                            retry: {
                                /** @default 3 */
                                maxAttempts: number;
                                /**
                                 * @default {
                                 *       "busy": 10,
                                 *       "no-answer": 120,
                                 *       "rejected": 1440,
                                 *       "unreachable": 240,
                                 *       "powered-off": 240,
                                 *       "line-failed": 1
                                 *     }
                                 */
                                afterMinutes: {
                                    [key: string]: number;
                                };
                            };
                            /** @default false */
                            finishWhenEmpty: boolean;
                            /** Format: uuid */
                            campaignId: string;
                            version: number;
                            /** @enum {string} */
                            state: "draft" | "running" | "paused" | "stopped" | "finished";
                            createdAt: string;
                            startedAt: string | null;
                        };
                    };
                };
                /** @description Refused, with a code */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            error: {
                                code: string;
                                message: string;
                                /** @enum {unknown} */
                                retry: "never" | "after-change" | "later";
                                details?: unknown;
                                requestId: string;
                            };
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    campaignId: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        name?: string;
                        audience?: unknown | null;
                        ratePerSecond?: number;
                        maxConcurrent?: number;
                        hours?: {
                            from: number;
                            to: number;
                        };
                        attemptsPerPersonPerDay?: number;
                        ringTimeMs?: number;
                        hangUpAfterMs?: number | null;
                        lineIds?: string[];
                        retry?: {
                            /** @default 3 */
                            maxAttempts?: number;
                            /**
                             * @default {
                             *       "busy": 10,
                             *       "no-answer": 120,
                             *       "rejected": 1440,
                             *       "unreachable": 240,
                             *       "powered-off": 240,
                             *       "line-failed": 1
                             *     }
                             */
                            afterMinutes?: {
                                [key: string]: number;
                            };
                        };
                        finishWhenEmpty?: boolean;
                        version: number;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            name: string;
                            audience: unknown | null;
                            /** @default 5 */
                            ratePerSecond: number;
                            /** @default 50 */
                            maxConcurrent: number;
                            /**
                             * @default {
                             *       "from": 480,
                             *       "to": 1260
                             *     }
                             */
                            hours: {
                                from: number;
                                to: number;
                            };
                            /** @default 3 */
                            attemptsPerPersonPerDay: number;
                            /** @default 30000 */
                            ringTimeMs: number;
                            /** @default 15000 */
                            hangUpAfterMs: number | null;
                            /** @default [] */
                            lineIds: string[];
                            retry: {
                                /** @default 3 */
                                maxAttempts: number;
                                /**
                                 * @default {
                                 *       "busy": 10,
                                 *       "no-answer": 120,
                                 *       "rejected": 1440,
                                 *       "unreachable": 240,
                                 *       "powered-off": 240,
                                 *       "line-failed": 1
                                 *     }
                                 */
                                afterMinutes: {
                                    [key: string]: number;
                                };
                            };
                            /** @default false */
                            finishWhenEmpty: boolean;
                            /** Format: uuid */
                            campaignId: string;
                            version: number;
                            /** @enum {string} */
                            state: "draft" | "running" | "paused" | "stopped" | "finished";
                            createdAt: string;
                            startedAt: string | null;
                        };
                    };
                };
                /** @description Refused, with a code */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            error: {
                                code: string;
                                message: string;
                                /** @enum {unknown} */
                                retry: "never" | "after-change" | "later";
                                details?: unknown;
                                requestId: string;
                            };
                        };
                    };
                };
            };
        };
        trace?: never;
    };
    "/api/dialer/campaigns/{campaignId}/start": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    campaignId: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        version?: number;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            name: string;
                            audience: unknown | null;
                            /** @default 5 */
                            ratePerSecond: number;
                            /** @default 50 */
                            maxConcurrent: number;
                            /**
                             * @default {
                             *       "from": 480,
                             *       "to": 1260
                             *     }
                             */
                            hours: {
                                from: number;
                                to: number;
                            };
                            /** @default 3 */
                            attemptsPerPersonPerDay: number;
                            /** @default 30000 */
                            ringTimeMs: number;
                            /** @default 15000 */
                            hangUpAfterMs: number | null;
                            /** @default [] */
                            lineIds: string[];
                            retry: {
                                /** @default 3 */
                                maxAttempts: number;
                                /**
                                 * @default {
                                 *       "busy": 10,
                                 *       "no-answer": 120,
                                 *       "rejected": 1440,
                                 *       "unreachable": 240,
                                 *       "powered-off": 240,
                                 *       "line-failed": 1
                                 *     }
                                 */
                                afterMinutes: {
                                    [key: string]: number;
                                };
                            };
                            /** @default false */
                            finishWhenEmpty: boolean;
                            /** Format: uuid */
                            campaignId: string;
                            version: number;
                            /** @enum {string} */
                            state: "draft" | "running" | "paused" | "stopped" | "finished";
                            createdAt: string;
                            startedAt: string | null;
                        };
                    };
                };
                /** @description Refused, with a code */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            error: {
                                code: string;
                                message: string;
                                /** @enum {unknown} */
                                retry: "never" | "after-change" | "later";
                                details?: unknown;
                                requestId: string;
                            };
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/dialer/campaigns/{campaignId}/pause": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    campaignId: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        version?: number;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            name: string;
                            audience: unknown | null;
                            /** @default 5 */
                            ratePerSecond: number;
                            /** @default 50 */
                            maxConcurrent: number;
                            /**
                             * @default {
                             *       "from": 480,
                             *       "to": 1260
                             *     }
                             */
                            hours: {
                                from: number;
                                to: number;
                            };
                            /** @default 3 */
                            attemptsPerPersonPerDay: number;
                            /** @default 30000 */
                            ringTimeMs: number;
                            /** @default 15000 */
                            hangUpAfterMs: number | null;
                            /** @default [] */
                            lineIds: string[];
                            retry: {
                                /** @default 3 */
                                maxAttempts: number;
                                /**
                                 * @default {
                                 *       "busy": 10,
                                 *       "no-answer": 120,
                                 *       "rejected": 1440,
                                 *       "unreachable": 240,
                                 *       "powered-off": 240,
                                 *       "line-failed": 1
                                 *     }
                                 */
                                afterMinutes: {
                                    [key: string]: number;
                                };
                            };
                            /** @default false */
                            finishWhenEmpty: boolean;
                            /** Format: uuid */
                            campaignId: string;
                            version: number;
                            /** @enum {string} */
                            state: "draft" | "running" | "paused" | "stopped" | "finished";
                            createdAt: string;
                            startedAt: string | null;
                        };
                    };
                };
                /** @description Refused, with a code */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            error: {
                                code: string;
                                message: string;
                                /** @enum {unknown} */
                                retry: "never" | "after-change" | "later";
                                details?: unknown;
                                requestId: string;
                            };
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/dialer/campaigns/{campaignId}/resume": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    campaignId: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        version?: number;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            name: string;
                            audience: unknown | null;
                            /** @default 5 */
                            ratePerSecond: number;
                            /** @default 50 */
                            maxConcurrent: number;
                            /**
                             * @default {
                             *       "from": 480,
                             *       "to": 1260
                             *     }
                             */
                            hours: {
                                from: number;
                                to: number;
                            };
                            /** @default 3 */
                            attemptsPerPersonPerDay: number;
                            /** @default 30000 */
                            ringTimeMs: number;
                            /** @default 15000 */
                            hangUpAfterMs: number | null;
                            /** @default [] */
                            lineIds: string[];
                            retry: {
                                /** @default 3 */
                                maxAttempts: number;
                                /**
                                 * @default {
                                 *       "busy": 10,
                                 *       "no-answer": 120,
                                 *       "rejected": 1440,
                                 *       "unreachable": 240,
                                 *       "powered-off": 240,
                                 *       "line-failed": 1
                                 *     }
                                 */
                                afterMinutes: {
                                    [key: string]: number;
                                };
                            };
                            /** @default false */
                            finishWhenEmpty: boolean;
                            /** Format: uuid */
                            campaignId: string;
                            version: number;
                            /** @enum {string} */
                            state: "draft" | "running" | "paused" | "stopped" | "finished";
                            createdAt: string;
                            startedAt: string | null;
                        };
                    };
                };
                /** @description Refused, with a code */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            error: {
                                code: string;
                                message: string;
                                /** @enum {unknown} */
                                retry: "never" | "after-change" | "later";
                                details?: unknown;
                                requestId: string;
                            };
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/dialer/campaigns/{campaignId}/stop": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    campaignId: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        version?: number;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            name: string;
                            audience: unknown | null;
                            /** @default 5 */
                            ratePerSecond: number;
                            /** @default 50 */
                            maxConcurrent: number;
                            /**
                             * @default {
                             *       "from": 480,
                             *       "to": 1260
                             *     }
                             */
                            hours: {
                                from: number;
                                to: number;
                            };
                            /** @default 3 */
                            attemptsPerPersonPerDay: number;
                            /** @default 30000 */
                            ringTimeMs: number;
                            /** @default 15000 */
                            hangUpAfterMs: number | null;
                            /** @default [] */
                            lineIds: string[];
                            retry: {
                                /** @default 3 */
                                maxAttempts: number;
                                /**
                                 * @default {
                                 *       "busy": 10,
                                 *       "no-answer": 120,
                                 *       "rejected": 1440,
                                 *       "unreachable": 240,
                                 *       "powered-off": 240,
                                 *       "line-failed": 1
                                 *     }
                                 */
                                afterMinutes: {
                                    [key: string]: number;
                                };
                            };
                            /** @default false */
                            finishWhenEmpty: boolean;
                            /** Format: uuid */
                            campaignId: string;
                            version: number;
                            /** @enum {string} */
                            state: "draft" | "running" | "paused" | "stopped" | "finished";
                            createdAt: string;
                            startedAt: string | null;
                        };
                    };
                };
                /** @description Refused, with a code */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            error: {
                                code: string;
                                message: string;
                                /** @enum {unknown} */
                                retry: "never" | "after-change" | "later";
                                details?: unknown;
                                requestId: string;
                            };
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/dialer/campaigns/audience-preview": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        audience: unknown;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            matching: number;
                            callableNow: number;
                            reasons: {
                                reason: string;
                                count: number;
                            }[];
                            sampled: boolean;
                        };
                    };
                };
                /** @description Refused, with a code */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            error: {
                                code: string;
                                message: string;
                                /** @enum {unknown} */
                                retry: "never" | "after-change" | "later";
                                details?: unknown;
                                requestId: string;
                            };
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/dialer/campaigns/{campaignId}/why-not/{customerId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    campaignId: string;
                    customerId: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** Format: uuid */
                            customerId: string;
                            /** Format: uuid */
                            campaignId: string;
                            inDialList: boolean;
                            entryState: ("waiting" | "ready" | "leased" | "dialing" | "done" | "withdrawn") | null;
                            dialable: boolean;
                            reasons: {
                                reason: string;
                                until: string | null;
                                detail: string | null;
                            }[];
                            priority: number | null;
                            dueAt: string | null;
                            tries: number | null;
                            rules: {
                                ruleId: string;
                                name: string;
                                matched: boolean;
                            }[];
                        };
                    };
                };
                /** @description Refused, with a code */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            error: {
                                code: string;
                                message: string;
                                /** @enum {unknown} */
                                retry: "never" | "after-change" | "later";
                                details?: unknown;
                                requestId: string;
                            };
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/dialer/campaigns/{campaignId}/progress": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    campaignId: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** Format: uuid */
                            campaignId: string;
                            version: number;
                            name: string;
                            /** @enum {string} */
                            state: "draft" | "running" | "paused" | "stopped" | "finished";
                            audience: number;
                            waiting: number;
                            ready: number;
                            inPool: number;
                            inFlight: number;
                            done: number;
                            withdrawn: number;
                            attempts: number;
                            attemptsPerSecond: number;
                            outcomes: {
                                [key: string]: number;
                            };
                            holdReason: ("none-due" | "outside-hours" | "line-down" | "line-full" | "voice-away" | "loading") | null;
                            at: number;
                        };
                    };
                };
                /** @description Refused, with a code */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            error: {
                                code: string;
                                message: string;
                                /** @enum {unknown} */
                                retry: "never" | "after-change" | "later";
                                details?: unknown;
                                requestId: string;
                            };
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/dialer/attempts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: {
            parameters: {
                query?: {
                    cursor?: string;
                    limit?: number;
                    campaignId?: string;
                    customerId?: string;
                    outcome?: "connected" | "abandoned" | "no-answer" | "busy" | "rejected" | "invalid-number" | "suspended" | "powered-off" | "unreachable" | "machine" | "line-failed" | "cancelled" | "blocked" | "unknown";
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            items: {
                                /** Format: uuid */
                                attemptId: string;
                                /** Format: uuid */
                                customerId: string;
                                campaignId: string | null;
                                campaignName: string | null;
                                lineName: string | null;
                                lineType: ("4g" | "voip" | "pstn") | null;
                                outcome: ("connected" | "abandoned" | "no-answer" | "busy" | "rejected" | "invalid-number" | "suspended" | "powered-off" | "unreachable" | "machine" | "line-failed" | "cancelled" | "blocked" | "unknown") | null;
                                outcomeReason: string | null;
                                sipStatus: number | null;
                                q850: number | null;
                                startedAt: string;
                                ringingAt: string | null;
                                answeredAt: string | null;
                                endedAt: string | null;
                                decision: unknown;
                            }[];
                            next: string | null;
                            estimatedTotal?: number | null;
                        };
                    };
                };
                /** @description Refused, with a code */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            error: {
                                code: string;
                                message: string;
                                /** @enum {unknown} */
                                retry: "never" | "after-change" | "later";
                                details?: unknown;
                                requestId: string;
                            };
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/dialer/calls": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** Format: uuid */
                        customerId: string;
                        /** Format: uuid */
                        phoneId?: string;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** Format: uuid */
                            attemptId: string;
                        };
                    };
                };
                /** @description Refused, with a code */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            error: {
                                code: string;
                                message: string;
                                /** @enum {unknown} */
                                retry: "never" | "after-change" | "later";
                                details?: unknown;
                                requestId: string;
                            };
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/dialer/lines": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            items: {
                                name: string;
                                /** @enum {string} */
                                type: "4g" | "voip" | "pstn";
                                /** @default true */
                                enabled: boolean;
                                remote: string;
                                /** @default 127.0.0.1:0 */
                                local: string;
                                /** @default null */
                                authUser: string | null;
                                /** @default null */
                                authRealm: string | null;
                                /**
                                 * @default e164
                                 * @enum {string}
                                 */
                                numberFormat: "e164" | "e164-no-plus" | "national";
                                callerIds: string[];
                                /** @default 100 */
                                maxConcurrent: number;
                                /** @default 10 */
                                maxPerSecond: number;
                                /** @default 10 */
                                weight: number;
                                /** @default false */
                                sandbox: boolean;
                                /** @default true */
                                probe: boolean;
                                /** @default  */
                                carrier: string;
                                /** @default  */
                                contract: string;
                                /** Format: uuid */
                                lineId: string;
                                version: number;
                                /** @enum {string} */
                                state: "up" | "down" | "probing" | "tripped" | "unknown";
                                stateReason: string | null;
                                inUse: number;
                                attemptsLastHour: number;
                                connectRateLastHour: number | null;
                            }[];
                        };
                    };
                };
                /** @description Refused, with a code */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            error: {
                                code: string;
                                message: string;
                                /** @enum {unknown} */
                                retry: "never" | "after-change" | "later";
                                details?: unknown;
                                requestId: string;
                            };
                        };
                    };
                };
            };
        };
        put?: never;
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        name: string;
                        /** @enum {string} */
                        type: "4g" | "voip" | "pstn";
                        /** @default true */
                        enabled?: boolean;
                        remote: string;
                        /** @default 127.0.0.1:0 */
                        local?: string;
                        /** @default null */
                        authUser?: string | null;
                        /** @default null */
                        authPassword?: string | null;
                        /** @default null */
                        authRealm?: string | null;
                        /**
                         * @default e164
                         * @enum {string}
                         */
                        numberFormat?: "e164" | "e164-no-plus" | "national";
                        callerIds: string[];
                        /** @default 100 */
                        maxConcurrent?: number;
                        /** @default 10 */
                        maxPerSecond?: number;
                        /** @default 10 */
                        weight?: number;
                        /** @default false */
                        sandbox?: boolean;
                        /** @default true */
                        probe?: boolean;
                        /** @default  */
                        carrier?: string;
                        /** @default  */
                        contract?: string;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            name: string;
                            /** @enum {string} */
                            type: "4g" | "voip" | "pstn";
                            /** @default true */
                            enabled: boolean;
                            remote: string;
                            /** @default 127.0.0.1:0 */
                            local: string;
                            /** @default null */
                            authUser: string | null;
                            /** @default null */
                            authRealm: string | null;
                            /**
                             * @default e164
                             * @enum {string}
                             */
                            numberFormat: "e164" | "e164-no-plus" | "national";
                            callerIds: string[];
                            /** @default 100 */
                            maxConcurrent: number;
                            /** @default 10 */
                            maxPerSecond: number;
                            /** @default 10 */
                            weight: number;
                            /** @default false */
                            sandbox: boolean;
                            /** @default true */
                            probe: boolean;
                            /** @default  */
                            carrier: string;
                            /** @default  */
                            contract: string;
                            /** Format: uuid */
                            lineId: string;
                            version: number;
                            /** @enum {string} */
                            state: "up" | "down" | "probing" | "tripped" | "unknown";
                            stateReason: string | null;
                            inUse: number;
                            attemptsLastHour: number;
                            connectRateLastHour: number | null;
                        };
                    };
                };
                /** @description Refused, with a code */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            error: {
                                code: string;
                                message: string;
                                /** @enum {unknown} */
                                retry: "never" | "after-change" | "later";
                                details?: unknown;
                                requestId: string;
                            };
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/dialer/lines/{lineId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    lineId: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        name?: string;
                        /** @enum {string} */
                        type?: "4g" | "voip" | "pstn";
                        enabled?: boolean;
                        remote?: string;
                        local?: string;
                        authUser?: string | null;
                        authPassword?: string | null;
                        authRealm?: string | null;
                        /** @enum {string} */
                        numberFormat?: "e164" | "e164-no-plus" | "national";
                        callerIds?: string[];
                        maxConcurrent?: number;
                        maxPerSecond?: number;
                        weight?: number;
                        sandbox?: boolean;
                        probe?: boolean;
                        carrier?: string;
                        contract?: string;
                        version: number;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            name: string;
                            /** @enum {string} */
                            type: "4g" | "voip" | "pstn";
                            /** @default true */
                            enabled: boolean;
                            remote: string;
                            /** @default 127.0.0.1:0 */
                            local: string;
                            /** @default null */
                            authUser: string | null;
                            /** @default null */
                            authRealm: string | null;
                            /**
                             * @default e164
                             * @enum {string}
                             */
                            numberFormat: "e164" | "e164-no-plus" | "national";
                            callerIds: string[];
                            /** @default 100 */
                            maxConcurrent: number;
                            /** @default 10 */
                            maxPerSecond: number;
                            /** @default 10 */
                            weight: number;
                            /** @default false */
                            sandbox: boolean;
                            /** @default true */
                            probe: boolean;
                            /** @default  */
                            carrier: string;
                            /** @default  */
                            contract: string;
                            /** Format: uuid */
                            lineId: string;
                            version: number;
                            /** @enum {string} */
                            state: "up" | "down" | "probing" | "tripped" | "unknown";
                            stateReason: string | null;
                            inUse: number;
                            attemptsLastHour: number;
                            connectRateLastHour: number | null;
                        };
                    };
                };
                /** @description Refused, with a code */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            error: {
                                code: string;
                                message: string;
                                /** @enum {unknown} */
                                retry: "never" | "after-change" | "later";
                                details?: unknown;
                                requestId: string;
                            };
                        };
                    };
                };
            };
        };
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: never;
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export type operations = Record<string, never>;
