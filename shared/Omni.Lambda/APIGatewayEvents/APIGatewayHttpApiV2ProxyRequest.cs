namespace Amazon.Lambda.APIGatewayEvents;

/// <summary>A request to an HTTP API, payload format 2.0. Header names come in lower case.</summary>
public class APIGatewayHttpApiV2ProxyRequest
{
    public string Version { get; set; }

    public string RouteKey { get; set; }

    public string RawPath { get; set; }

    /// <summary>Still percent-encoded; "" when there is none.</summary>
    public string RawQueryString { get; set; }

    public string[] Cookies { get; set; }

    public IDictionary<string, string> Headers { get; set; }

    public IDictionary<string, string> QueryStringParameters { get; set; }

    public ProxyRequestContext RequestContext { get; set; }

    public string Body { get; set; }

    public IDictionary<string, string> PathParameters { get; set; }

    /// <summary>Whether the body is base64: the gateway decides it by the content type.</summary>
    public bool IsBase64Encoded { get; set; }

    public IDictionary<string, string> StageVariables { get; set; }

    /// <summary>What the gateway knows about the request.</summary>
    public class ProxyRequestContext
    {
        public string AccountId { get; set; }

        public string ApiId { get; set; }

        public AuthorizerDescription Authorizer { get; set; }

        public string DomainName { get; set; }

        public string DomainPrefix { get; set; }

        public HttpDescription Http { get; set; }

        public string RequestId { get; set; }

        public string RouteId { get; set; }

        public string RouteKey { get; set; }

        public string Stage { get; set; }

        /// <summary>Common log form: 12/Mar/2020:19:03:58 +0000.</summary>
        public string Time { get; set; }

        /// <summary>Unix milliseconds.</summary>
        public long TimeEpoch { get; set; }

        public ProxyRequestAuthentication Authentication { get; set; }
    }

    /// <summary>The request line and its sender.</summary>
    public class HttpDescription
    {
        public string Method { get; set; }

        public string Path { get; set; }

        public string Protocol { get; set; }

        public string SourceIp { get; set; }

        public string UserAgent { get; set; }
    }

    /// <summary>What the route's authorizer, if any, said.</summary>
    public class AuthorizerDescription
    {
        public JwtDescription Jwt { get; set; }

        /// <summary>A Lambda authorizer's context; its values are read as JsonElement.</summary>
        public IDictionary<string, object> Lambda { get; set; }

        public IAMDescription IAM { get; set; }

        /// <summary>The claims of a token, all as text.</summary>
        public class JwtDescription
        {
            public IDictionary<string, string> Claims { get; set; }

            public string[] Scopes { get; set; }
        }

        /// <summary>The IAM principal that signed the request.</summary>
        public class IAMDescription
        {
            public string AccessKey { get; set; }

            public string AccountId { get; set; }

            public string CallerId { get; set; }

            public CognitoIdentityDescription CognitoIdentity { get; set; }

            public string PrincipalOrgId { get; set; }

            public string UserARN { get; set; }

            public string UserId { get; set; }
        }

        /// <summary>The Cognito identity behind an IAM principal.</summary>
        public class CognitoIdentityDescription
        {
            public IList<string> AMR { get; set; }

            public string IdentityId { get; set; }

            public string IdentityPoolId { get; set; }
        }
    }

    /// <summary>The client certificate of a mutual TLS connection.</summary>
    public class ProxyRequestAuthentication
    {
        public ProxyRequestClientCert ClientCert { get; set; }
    }

    /// <summary>A client certificate.</summary>
    public class ProxyRequestClientCert
    {
        public string ClientCertPem { get; set; }

        public string SubjectDN { get; set; }

        public string IssuerDN { get; set; }

        public string SerialNumber { get; set; }

        public ClientCertValidity Validity { get; set; }
    }

    /// <summary>From when to when a certificate is valid, as the gateway writes it.</summary>
    public class ClientCertValidity
    {
        public string NotBefore { get; set; }

        public string NotAfter { get; set; }
    }
}
