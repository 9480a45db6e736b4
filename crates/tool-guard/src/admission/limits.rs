//! What may each tenant and each principal use?

use std::time::Duration;

use super::{bucket::Rate, error::AdmissionError, meter::Share, window::Quota};

/// What each tenant and each of its principals may use; checked when it is built.
///
/// | setting | default | bound |
/// |---|---|---|
/// | `tenant_rate`, `principal_rate` | none | calls and burst at least 1, per time over 0 and at most 31 days |
/// | `tenant_quota`, `principal_quota` | none | calls at least 1, window over 0 and at most 31 days |
/// | `max_tenants` | 1,024 | 1 to 1,000,000 |
/// | `max_principals` (of each tenant) | 1,024 | 1 to 1,000,000 |
///
/// # Examples
///
/// ```
/// use std::time::Duration;
/// use tool_guard::{Quota, Rate, RateLimits};
///
/// let hour = Duration::from_secs(3600);
/// let limits = RateLimits::builder().tenant_rate(Rate::per_second(100)).principal_quota(Quota::new(1000, hour)).build()?;
/// assert_eq!(limits.principal_quota().unwrap().calls(), 1000);
///
/// let error = RateLimits::builder().tenant_rate(Rate::per_second(0)).build().unwrap_err();
/// assert_eq!(error.to_string(), "`tenant_rate` allows 0 calls, but must allow at least 1");
/// # Ok::<(), tool_guard::AdmissionError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RateLimits {
    pub(crate) tenant: Share,
    pub(crate) principal: Share,
    pub(crate) max_tenants: usize,
    pub(crate) max_principals: usize,
}

impl RateLimits {
    /// The longest time of a rate or a quota: 31 days.
    pub const LONGEST: Duration = Duration::from_secs(31 * 24 * 60 * 60);

    /// The most that [`max_tenants`](Self::max_tenants) and [`max_principals`](Self::max_principals) can be.
    pub const MOST: usize = 1_000_000;

    /// Begins limits; nothing is limited.
    pub fn builder() -> RateLimitsBuilder {
        RateLimitsBuilder::default()
    }

    /// Returns whether nothing is limited.
    #[must_use]
    pub fn is_unlimited(&self) -> bool {
        self.tenant.is_unlimited() && self.principal.is_unlimited()
    }

    /// Returns the rate of each tenant.
    #[must_use]
    pub fn tenant_rate(&self) -> Option<Rate> {
        self.tenant.rate
    }

    /// Returns the quota of each tenant.
    #[must_use]
    pub fn tenant_quota(&self) -> Option<Quota> {
        self.tenant.quota
    }

    /// Returns the rate of each principal.
    #[must_use]
    pub fn principal_rate(&self) -> Option<Rate> {
        self.principal.rate
    }

    /// Returns the quota of each principal.
    #[must_use]
    pub fn principal_quota(&self) -> Option<Quota> {
        self.principal.quota
    }

    /// Returns how many tenants are told apart at once; those beyond share one bucket.
    #[must_use]
    pub fn max_tenants(&self) -> usize {
        self.max_tenants
    }

    /// Returns how many principals of one tenant are told apart at once; those beyond share one bucket of the tenant.
    #[must_use]
    pub fn max_principals(&self) -> usize {
        self.max_principals
    }
}

/// Collects limits; setters only store, [`build`](Self::build) checks all.
#[derive(Debug, Clone)]
#[must_use = "a builder does nothing until it builds"]
pub struct RateLimitsBuilder(RateLimits);

impl Default for RateLimitsBuilder {
    fn default() -> Self {
        let (tenant, principal) = (Share::default(), Share::default());
        Self(RateLimits { tenant, principal, max_tenants: 1024, max_principals: 1024 })
    }
}

impl RateLimitsBuilder {
    /// Sets the rate of each tenant, all its principals together.
    pub fn tenant_rate(mut self, rate: Rate) -> Self {
        self.0.tenant.rate = Some(rate);
        self
    }

    /// Sets the quota of each tenant, all its principals together.
    pub fn tenant_quota(mut self, quota: Quota) -> Self {
        self.0.tenant.quota = Some(quota);
        self
    }

    /// Sets the rate of each principal.
    pub fn principal_rate(mut self, rate: Rate) -> Self {
        self.0.principal.rate = Some(rate);
        self
    }

    /// Sets the quota of each principal.
    pub fn principal_quota(mut self, quota: Quota) -> Self {
        self.0.principal.quota = Some(quota);
        self
    }

    /// Sets how many tenants are told apart at once; those beyond share one bucket, and are counted.
    pub fn max_tenants(mut self, tenants: usize) -> Self {
        self.0.max_tenants = tenants;
        self
    }

    /// Sets how many principals of one tenant are told apart at once; those beyond share one bucket of the tenant, and
    /// are counted.
    pub fn max_principals(mut self, principals: usize) -> Self {
        self.0.max_principals = principals;
        self
    }

    /// Checks the limits.
    ///
    /// # Errors
    ///
    /// [`AdmissionError`], which names the first setting that is out of its bounds, and the bound.
    pub fn build(self) -> Result<RateLimits, AdmissionError> {
        let limits = self.0;
        check_share("tenant", &limits.tenant)?;
        check_share("principal", &limits.principal)?;
        check_most("max_tenants", limits.max_tenants)?;
        check_most("max_principals", limits.max_principals)?;
        Ok(limits)
    }
}

fn check_share(of: &str, share: &Share) -> Result<(), AdmissionError> {
    if let Some(rate) = share.rate {
        let field = format!("{of}_rate");
        check_calls(&field, rate.calls())?;
        check_time(&field, rate.per())?;
        if rate.burst() == 0 {
            return Err(AdmissionError::new(field, "allows 0 calls at once, but must allow at least 1"));
        }
    }
    if let Some(quota) = share.quota {
        let field = format!("{of}_quota");
        check_calls(&field, quota.calls())?;
        check_time(&field, quota.window())?;
    }
    Ok(())
}

fn check_calls(field: &str, calls: u32) -> Result<(), AdmissionError> {
    if calls == 0 {
        return Err(AdmissionError::new(field, "allows 0 calls, but must allow at least 1"));
    }
    Ok(())
}

fn check_time(field: &str, time: Duration) -> Result<(), AdmissionError> {
    if time.is_zero() {
        return Err(AdmissionError::new(field, "has a time of 0s, but must have more"));
    }
    if time > RateLimits::LONGEST {
        return Err(AdmissionError::new(field, format!("has a time of {time:?}, but must have at most 31 days")));
    }
    Ok(())
}

fn check_most(field: &str, most: usize) -> Result<(), AdmissionError> {
    if (1..=RateLimits::MOST).contains(&most) {
        return Ok(());
    }
    Err(AdmissionError::new(field, format!("is {most}, but must be 1 to {}", RateLimits::MOST)))
}
